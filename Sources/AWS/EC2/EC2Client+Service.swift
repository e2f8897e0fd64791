import Addresses

extension EC2Client: EC2Service {
    /// The instances of these ids, in no order; ids that EC2 does not know are left out.
    public func instances(ids: [String]) async throws(AWSError) -> [EC2Instance] {
        // By a filter: ids that EC2 does not know would be an error of the whole call otherwise.
        let groups = try await describe(
            "DescribeInstances", "reservationSet", pageSize: 1000, [], "instance-id", anyOf: ids
        ) { (element: XMLElement) throws(AWSError) in try element.items("instancesSet").map(EC2Instance.init) }
        return groups.flatMap { $0 }
    }

    /// The interfaces that are selected, in no order.
    public func networkInterfaces(
        _ filter: EC2NetworkInterfaceFilter
    ) async throws(AWSError) -> [EC2NetworkInterface] {
        var filters: [(String, [String])] = []
        if let vpc = filter.vpcID { filters.append(("vpc-id", [vpc])) }
        if let isOn = filter.sourceDestCheck { filters.append(("source-dest-check", ["\(isOn)"])) }
        if !filter.ids.isEmpty, !filter.instanceIDs.isEmpty { filters.append(("network-interface-id", filter.ids)) }
        let (name, values) =
            filter.instanceIDs.isEmpty
            ? (filter.ids.isEmpty ? nil : "network-interface-id", filter.ids)
            : ("attachment.instance-id", filter.instanceIDs)
        return try await describe(
            "DescribeNetworkInterfaces", "networkInterfaceSet", pageSize: 1000, filters, name, anyOf: values
        ) { (element: XMLElement) throws(AWSError) in try EC2NetworkInterface(element) }
    }

    /// Has an interface carry packets of and for addresses that are not its own, or not any more.
    public func setSourceDestCheck(_ isOn: Bool, ofNetworkInterface id: String) async throws(AWSError) {
        var request = QueryRequest("ModifyNetworkInterfaceAttribute", version: Self.version)
        request.add("NetworkInterfaceId", id)
        request.add("SourceDestCheck.Value", "\(isOn)")
        try await change(request, subject: " on \(id)")
    }

    /// The route tables that are selected, with all their routes, in no order.
    public func routeTables(_ filter: EC2RouteTableFilter) async throws(AWSError) -> [EC2RouteTable] {
        var filters = filter.tags.map(\.filter)
        if let vpc = filter.vpcID { filters.append(("vpc-id", [vpc])) }
        if !filter.ids.isEmpty, !filter.subnetIDs.isEmpty { filters.append(("route-table-id", filter.ids)) }
        let (name, values) =
            filter.subnetIDs.isEmpty
            ? (filter.ids.isEmpty ? nil : "route-table-id", filter.ids)
            : ("association.subnet-id", filter.subnetIDs)
        let tables = try await describe(
            "DescribeRouteTables", "routeTableSet", pageSize: 100, filters, name, anyOf: values
        ) { (element: XMLElement) throws(AWSError) in try EC2RouteTable(element) }
        // A table with subnets of several requests comes with each of them.
        return Array(Dictionary(tables.map { ($0.id, $0) }, uniquingKeysWith: { $1 }).values)
    }

    /// The subnets that are selected, in no order.
    public func subnets(_ filter: EC2SubnetFilter) async throws(AWSError) -> [EC2Subnet] {
        var filters = filter.tags.map(\.filter)
        if let vpc = filter.vpcID { filters.append(("vpc-id", [vpc])) }
        return try await describe(
            "DescribeSubnets", "subnetSet", pageSize: 1000, filters, filter.ids.isEmpty ? nil : "subnet-id",
            anyOf: filter.ids
        ) { (element: XMLElement) throws(AWSError) in try EC2Subnet(element) }
    }

    /// Adds a route; fails with `exists` if the table has one of the destination, and with `limit` if it is full.
    public func createRoute(_ request: EC2RouteRequest) async throws(AWSError) {
        try await change(request.query("CreateRoute"), subject: request.subject)
    }

    /// Gives a route of the table another target; fails with `notFound` if the table has none of the destination.
    public func replaceRoute(_ request: EC2RouteRequest) async throws(AWSError) {
        try await change(request.query("ReplaceRoute"), subject: request.subject)
    }

    /// Takes a route away; fails with `notFound` if the table has none of the destination.
    public func deleteRoute(
        _ destination: EC2Route.Destination, fromTable table: String
    ) async throws(AWSError) {
        var query = QueryRequest("DeleteRoute", version: Self.version)
        query.add("RouteTableId", table)
        query.add(destination: destination)
        try await change(query, subject: " of \(destination) in \(table)", settled: .notFound)
    }

    /// Calls what changes something; in a dry run AWS only says whether we may.
    private func change(
        _ request: QueryRequest, subject: String, settled: AWSError.Code? = nil
    ) async throws(AWSError) {
        var request = request
        if isDryRun { request.add("DryRun", "true") }
        do throws(AWSError) {
            let answer = try await call(request, subject: subject, settled: settled)
            guard answer?.text("return") != "false" else {
                throw AWSError(.other, "call \(request.action)\(subject): EC2 says that it did not do it")
            }
        } catch {
            guard isDryRun, error.isRehearsal else { throw error }
        }
    }
}

extension EC2RouteRequest {
    fileprivate var subject: String { " of \(destination) to \(target) in \(table)" }

    fileprivate func query(_ action: String) -> QueryRequest {
        var query = QueryRequest(action, version: EC2Client.version)
        query.add("RouteTableId", table)
        query.add(destination: .prefix(destination))
        switch target {
        case .networkInterface(let id): query.add("NetworkInterfaceId", id)
        case .instance(let id): query.add("InstanceId", id)
        }
        return query
    }
}

extension QueryRequest {
    fileprivate mutating func add(destination: EC2Route.Destination) {
        switch destination {
        case .prefix(let prefix) where prefix.family == .ipv6: add("DestinationIpv6CidrBlock", prefix.description)
        case .prefix(let prefix): add("DestinationCidrBlock", prefix.description)
        case .prefixList(let id): add("DestinationPrefixListId", id)
        case .unknown(let text): add("DestinationCidrBlock", text)
        }
    }
}
