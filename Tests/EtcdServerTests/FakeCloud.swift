import AWS
import Addresses
import Synchronization

/// A VPC in small, for what no server of anybody's can be made to do; routes themselves are tested against a server.
final class FakeCloud: EC2Service {
    struct State: Sendable {
        var instances: [String: EC2Instance] = [:]
        var tables: [String: EC2RouteTable] = [:]
        var calls: [String] = []
        /// Which tables were asked for.
        var looks: [EC2RouteTableFilter] = []
        /// How many routes a table takes.
        var most = 1000
        /// What calls of a name fail with.
        var failures: [String: AWSError] = [:]
        /// After how many changes calls hang until they are cancelled.
        var changesLeft = Int.max
    }

    let state = Mutex(State())

    var calls: [String] { state.withLock(\.calls) }
    var looks: [EC2RouteTableFilter] { state.withLock(\.looks) }

    func count(_ call: String) -> Int { calls.count { $0 == call } }

    /// A table's routes of the form `PREFIX TARGET`, those to interfaces alone.
    func routes(_ table: String) -> [String: String] {
        state.withLock { state in
            var routes: [String: String] = [:]
            for route in state.tables[table]?.routes ?? [] {
                if case .networkInterface(let id, _) = route.target { routes["\(route.destination)"] = id }
            }
            return routes
        }
    }

    /// The instance of a host whose name is hexadecimal.
    static func instanceID(_ name: String) -> String {
        "i-" + String(repeating: "0", count: 17 - name.utf8.count) + name
    }

    /// Adds an instance with one interface, `i-...NAME` and `eni-NAME`.
    func add(_ name: String, _ address: IPAddress, zone: String) {
        let id = Self.instanceID(name)
        let interface = EC2NetworkInterface(
            id: "eni-\(name)", instanceID: id, deviceIndex: 0, vpcID: "vpc-1", subnetID: "subnet-\(zone)",
            addresses: [address])
        state.withLock {
            $0.instances[id] = EC2Instance(
                id: id, vpcID: "vpc-1", subnetID: "subnet-\(zone)", zone: zone, privateAddresses: [address],
                networkInterfaces: [interface])
        }
    }

    /// Adds a table that subnets of zones were given, with a default route.
    func addTable(_ id: String, zones: [String], isMain: Bool = false, routes: [EC2Route] = []) {
        var associations = zones.map { EC2RouteTable.Association(subnetID: "subnet-\($0)") }
        if isMain { associations.append(.init(isMain: true)) }
        state.withLock {
            $0.tables[id] = EC2RouteTable(id: id, vpcID: "vpc-1", associations: associations, routes: routes)
        }
    }

    private func note(_ call: String) throws(AWSError) {
        let failure = state.withLock { state in
            state.calls.append(call)
            return state.failures[call]
        }
        if let failure { throw failure }
    }

    private func change(
        _ call: String, _ body: (inout State) -> AWSError?
    ) async throws(AWSError) {
        try note(call)
        let hangs = state.withLock { state in
            state.changesLeft -= 1
            return state.changesLeft < 0
        }
        if hangs {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
            throw AWSError(.cancelled, "\(call): cancelled")
        }
        if let error = state.withLock({ body(&$0) }) { throw error }
    }

    func instances(ids: [String]) async throws(AWSError) -> [EC2Instance] {
        try note("DescribeInstances")
        return state.withLock { state in ids.compactMap { state.instances[$0] } }
    }

    func networkInterfaces(_ filter: EC2NetworkInterfaceFilter) async throws(AWSError) -> [EC2NetworkInterface] {
        try note("DescribeNetworkInterfaces")
        return state.withLock { state in
            state.instances.values.flatMap(\.networkInterfaces).filter {
                filter.ids.isEmpty || filter.ids.contains($0.id)
            }
        }
    }

    func setSourceDestCheck(_ isOn: Bool, ofNetworkInterface id: String) async throws(AWSError) {
        throw AWSError(.denied, "nobody asked for it")
    }

    func routeTables(_ filter: EC2RouteTableFilter) async throws(AWSError) -> [EC2RouteTable] {
        try note("DescribeRouteTables")
        return state.withLock { state in
            state.looks.append(filter)
            return state.tables.values.filter { table in
                (filter.ids.isEmpty || filter.ids.contains(table.id))
                    && filter.tags.allSatisfy { table.tags[$0.key] != nil }
            }
        }
    }

    func subnets(_ filter: EC2SubnetFilter) async throws(AWSError) -> [EC2Subnet] {
        try note("DescribeSubnets")
        return []
    }

    func createRoute(_ request: EC2RouteRequest) async throws(AWSError) {
        try await change("CreateRoute") { state in
            let routes = state.tables[request.table]?.routes ?? []
            if routes.contains(where: { $0.destination == .prefix(request.destination) }) {
                return AWSError(.exists, "create route: it is there", name: "RouteAlreadyExists")
            }
            if routes.count >= state.most {
                return AWSError(.limit, "create route: the table is full", name: "RouteLimitExceeded")
            }
            state.tables[request.table]?.routes.append(
                EC2Route(
                    destination: .prefix(request.destination),
                    target: .networkInterface("\(request.target)", instanceID: nil)))
            return nil
        }
    }

    func replaceRoute(_ request: EC2RouteRequest) async throws(AWSError) {
        try await change("ReplaceRoute") { state in
            let routes = state.tables[request.table]?.routes ?? []
            guard let index = routes.firstIndex(where: { $0.destination == .prefix(request.destination) }) else {
                return AWSError(.notFound, "replace route: there is none", name: "InvalidRoute.NotFound")
            }
            state.tables[request.table]?.routes[index].target = .networkInterface("\(request.target)", instanceID: nil)
            return nil
        }
    }

    func deleteRoute(_ destination: EC2Route.Destination, fromTable table: String) async throws(AWSError) {
        try await change("DeleteRoute") { state in
            state.tables[table]?.routes.removeAll { $0.destination == destination }
            return nil
        }
    }
}
