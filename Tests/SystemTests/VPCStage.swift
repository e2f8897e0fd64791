import AWS
import Addresses
import Logging
import Synchronization
import Testbed

/// A cluster in a VPC of three zones, with duties carried in the router's namespace, whose router follows the tables
/// that moto holds.
final class VPCStage: Sendable {
    let cloud: VPCFabric
    let cluster: Cluster
    /// Every instance by the name of its host.
    let hosts: [String: CloudNetwork.Instance]
    /// The prefixes of the three zones.
    let prefixes: Set<String>
    private let client: EC2Client
    private let carriers = Mutex<[String: ChildProcess]>([:])

    /// The first bytes of the addresses of pods of each zone.
    static let zones = ["eu-central-1a": "10.112.", "eu-central-1b": "10.113.", "eu-central-1c": "10.114."]

    private init(cloud: VPCFabric, cluster: Cluster, hosts: [String: CloudNetwork.Instance], client: EC2Client) {
        self.cloud = cloud
        self.cluster = cluster
        self.hosts = hosts
        self.client = client
        prefixes = cluster.layout.families.hasIPv6 ? Self.prefixes4.union(Self.prefixes6) : Self.prefixes4
    }

    /// Networks with a group for each of four zones, of which there are three.
    private static func topology(_ families: Families) -> String {
        let map = """
            [{"name": "a", "assignment": {"zone": "eu-central-1a"}, "groups": []},
             {"name": "b", "assignment": {"zone": "eu-central-1b"}, "groups": []},
             {"name": "c", "assignment": {"zone": "eu-central-1c"}, "groups": []},
             {"name": "spare", "dummy": true, "groups": []}]
            """
        var networks = [#"{"name": "pods", "cidr": "10.112.0.0/14", "block_mask": 29}"#]
        var topologies = [#"{"networks": ["pods"], "map": \#(map)}"#]
        if families.hasIPv6 {
            networks.append(#"{"name": "pods6", "cidr": "fd00:112::/48", "block_mask": 125}"#)
            topologies.append(#"{"networks": ["pods6"], "map": \#(map)}"#)
        }
        return """
            {"networks": [\(networks.joined(separator: ", "))], "topologies": [\(topologies.joined(separator: ", "))]}
            """
    }

    /// Runs `body` with a cluster, and takes it away whatever happens.
    ///
    /// - Parameters:
    ///   - perZone: how many instances each zone has, all of them hosts.
    ///   - agents: how many of these, the first of each zone, have agents, and so pods.
    static func run<Value: Sendable>(
        perZone: Int, agents: Int, mtu: Int = 1500, routesPerTable: Int = 500, families: Families = .ipv4,
        _ body: (VPCStage) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryDirectory("vpc")
        defer { folder.remove() }
        let cloud = try await VPCFabric.build(
            perZone: perZone, agents: agents, mtu: mtu, routesPerTable: routesPerTable, hasIPv6: families.hasIPv6,
            folder: folder)
        var layout = ClusterLayout(nodes: 3 * agents, families: families)
        layout.topology = topology(families)
        let sorted = cloud.network.instances.sorted { $0.zone < $1.zone }
        let chosen = cloud.fabric.nodes.compactMap { space in
            cloud.places.firstIndex(of: space).map { cloud.network.instances[$0] }
        }
        layout.place = (cloud.fabric, chosen.map(\.addresses))
        layout.ownOptions = chosen.map { ["--labels", "zone=\($0.zone)"] }
        var hosts: [String: CloudNetwork.Instance] = [:]
        for (index, instance) in chosen.enumerated() { hosts["node\(index + 1)"] = instance }
        for instance in sorted where !chosen.contains(instance) { hosts["host-\(instance.id.suffix(6))"] = instance }
        let variables = [
            "AWS_ENDPOINT_URL_EC2": cloud.moto.url, "AWS_REGION": MotoServer.region, "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
        ]
        let client = EC2Client(
            AWSConfiguration(environment: { variables[$0] }),
            logger: Logger(label: "stage") { _ in SwiftLogNoOpLogHandler() })
        let names = hosts
        do {
            let value = try await Cluster.run(layout) { cluster in
                let stage = VPCStage(cloud: cloud, cluster: cluster, hosts: names, client: client)
                try await stage.register(besides: Set((0..<(3 * agents)).map { "node\($0 + 1)" }))
                return try await stage.followed(body)
            }
            client.shutdown()
            await cloud.remove()
            return value
        } catch {
            client.shutdown()
            await cloud.remove()
            throw error
        }
    }

    /// Runs `body` while the router holds what the tables of the VPC say.
    private func followed<Value: Sendable>(_ body: (VPCStage) async throws -> Value) async throws -> Value {
        let follower = Task {
            var were: [String: [String: String]] = [:]
            while !Task.isCancelled {
                for (table, routes) in (try? await tables()) ?? [:] {
                    var targets: [String: String] = [:]
                    for (prefix, interface) in routes {
                        let instance = cloud.network.instances.first { $0.interface == interface }
                        targets[prefix] = prefix.contains(":") ? instance?.address6 : instance?.address
                    }
                    try? await cloud.lead(targets, in: table, were: were[table] ?? [:])
                    were[table] = targets
                }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        do {
            let value = try await body(self)
            await end(follower)
            return value
        } catch {
            let words = carriers.withLock { $0 }.map { "--- \($0.key):\n\($0.value.said(lines: 30))" }
            await end(follower)
            throw TestbedError("\(error)\n\(words.joined(separator: "\n"))")
        }
    }

    private func end(_ follower: Task<Void, Never>) async {
        follower.cancel()
        await follower.value
        for process in carriers.withLock({ Array($0.values) }) { await process.crash() }
    }

    /// Makes hosts of instances without agents, with leases that nobody has to keep.
    private func register(besides agents: Set<String>) async throws {
        let others = hosts.filter { !agents.contains($0.key) }.sorted { $0.key < $1.key }
        for (name, instance) in others {
            let body = #"{"name": "\#(name)", "ip": "\#(instance.address)", "tags": {"zone": "\#(instance.zone)"}}"#
            let post = Program(
                "curl",
                [
                    "--silent", "--show-error", "--fail-with-body", "-X", "POST", "--data", body,
                    "\(cluster.daemonURL())/hosts", "--header", "Content-Type: application/json",
                ], namespace: cluster.fabric.namespace.path)
            // A daemon that has just begun may still be reading.
            try await eventually("host \(name) is registered") { try await post.run().status.isSuccess }
            try await cluster.etcdctl(["put", "/romana/alive/\(name)", "{}"]).checked()
        }
    }

    // MARK: - Duties

    /// Starts one who carries the duty, in the router's namespace.
    func startCarrier(_ name: String, _ more: [String] = [], endpoint: String? = nil) async throws {
        let program = Program(
            cluster.programs.agent,
            [
                "duties", "--duties", "vpcrouter", "--hostname", name, "--node-ip", "10.0.0.254", "--etcd-endpoints",
                cluster.etcdEndpoint, "--vpc", cloud.network.id, "--metrics", "0", "--vpcrouter-port", "0",
            ] + more,
            environment: [
                "AWS_ENDPOINT_URL_EC2": endpoint ?? cloud.endpoint, "AWS_REGION": MotoServer.region,
                "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "PATH": "/usr/bin:/bin",
            ], namespace: cluster.fabric.namespace.path)
        let process = try await ChildProcess.start(program, log: cluster.directory.file("\(name).log"))
        carriers.withLock { $0[name] = process }
    }

    /// Kills one who carries the duty, as `kill -9` does.
    func killCarrier(_ name: String) async { await carriers.withLock { $0.removeValue(forKey: name) }?.crash() }

    /// What one who carries the duty has said.
    func words(of name: String) -> String { TextFile.read(cluster.directory.file("\(name).log")) ?? "" }

    // MARK: - What there is

    /// The routes of each table that lead to interfaces, by prefix.
    func tables() async throws -> [String: [String: String]] {
        var tables: [String: [String: String]] = [:]
        for table in try await client.routeTables(EC2RouteTableFilter(vpcID: cloud.network.id)) {
            var routes: [String: String] = [:]
            for route in table.routes {
                if case .networkInterface(let id, _) = route.target { routes["\(route.destination)"] = id }
            }
            tables[table.id] = routes
        }
        return tables
    }

    /// The tables of the zones alone.
    func zoneTables() async throws -> [String: [String: String]] {
        let ids = Set(cloud.network.tables.values)
        return try await tables().filter { ids.contains($0.key) }
    }

    /// The prefixes of the three zones.
    private static let prefixes4: Set<String> = ["10.112.0.0/16", "10.113.0.0/16", "10.114.0.0/16"]
    private static let prefixes6: Set<String> = ["fd00:112::/50", "fd00:112:0:4000::/50", "fd00:112:0:8000::/50"]

    /// Waits until every zone's table leads to every zone's pods.
    func waitUntilRouted() async throws {
        try await eventually("every table leads to every zone", within: .seconds(60), every: .milliseconds(100)) {
            try await zoneTables().values.allSatisfy { prefixes.isSubset(of: $0.keys) }
        }
    }

    /// The host that an interface is of.
    func host(of interface: String?) -> String? { hosts.first { $0.value.interface == interface }?.key }
}
