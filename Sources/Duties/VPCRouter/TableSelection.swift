import AWS
import Addresses
import VPCRoutes

/// Which route tables are the cluster's, and what they hold, in the planner's words.
enum TableSelection {
    /// How the cloud is asked for the tables: by their ids, by the cluster's tag, or all of the VPC.
    static func filter(_ settings: VPCRouterSettings, vpc: String?) -> EC2RouteTableFilter {
        if !settings.tables.isEmpty { return EC2RouteTableFilter(ids: settings.tables) }
        if let name = settings.clusterName {
            return EC2RouteTableFilter(vpcID: vpc, tags: [EC2TagFilter("kubernetes.io/cluster/\(name)")])
        }
        return EC2RouteTableFilter(vpcID: vpc)
    }

    /// The tables that are the cluster's.
    ///
    /// Where neither ids nor a tag say, these are the tables of subnets that nodes are on: those that were given to
    /// them, and the VPC's main table where one was given none. One that holds routes of ours stays, though the last
    /// node has left.
    ///
    /// - Parameters:
    ///   - zones: the zone of each subnet that nodes are on.
    ///   - owned: tables that routes of ours are on record for.
    ///   - interfaces: the interface of each host's instance, since a route may name the instance alone.
    static func tables(
        _ all: [EC2RouteTable], _ settings: VPCRouterSettings, zones: [String: String], owned: Set<String> = [],
        interfaces: [String: String] = [:]
    ) -> [VPCTable] {
        let given = Set(all.flatMap(\.subnetIDs))
        let isSelected = !settings.tables.isEmpty || settings.clusterName != nil
        return all.compactMap { table in
            var subnets = table.subnetIDs.filter { zones[$0] != nil }
            if table.isMain { subnets += zones.keys.filter { !given.contains($0) } }
            guard isSelected || !subnets.isEmpty || owned.contains(table.id) else { return nil }
            return VPCTable(
                table.id, zones: Set(subnets.compactMap { zones[$0] }.filter { !$0.isEmpty }),
                routes: table.routes.compactMap { route($0, interfaces) })
        }.sorted { $0.id < $1.id }
    }

    /// Ids of tables that were asked for and are not there.
    static func absent(_ all: [EC2RouteTable], _ settings: VPCRouterSettings) -> [String] {
        Set(settings.tables).subtracting(all.map(\.id)).sorted()
    }

    /// Those of other tables that our routes are to go from.
    ///
    /// Where nobody says which tables or which VPC are the cluster's, another VPC than most hosts are in may be as much
    /// the cluster's own.
    static func withdrawn(
        _ others: [EC2RouteTable], _ settings: VPCRouterSettings, vpc: String?, interfaces: [String: String] = [:]
    ) -> [VPCTable] {
        let isCertain = !settings.tables.isEmpty || settings.vpcID != nil
        return others.filter { isCertain || $0.vpcID == vpc }
            .map { VPCTable($0.id, routes: $0.routes.compactMap { route($0, interfaces) }) }
    }

    /// What there is no table of, where none is the cluster's and nobody says by id which should be.
    static func lack(_ tables: [VPCTable], _ settings: VPCRouterSettings) -> RouteFinding? {
        guard tables.isEmpty, settings.tables.isEmpty else { return nil }
        let tag = settings.clusterName.map { "has the tag kubernetes.io/cluster/\($0)" }
        return .noTable(tag ?? "is that of a node's subnet")
    }

    /// A route as plans see it; nil for lists of prefixes, which never are where ours are.
    static func route(_ route: EC2Route, _ interfaces: [String: String] = [:]) -> TableRoute? {
        guard case .prefix(let prefix) = route.destination else { return nil }
        let isBlackHole = route.state == .blackhole
        let target: TableRoute.Target =
            switch route.target {
            case .networkInterface(let id, _): .interface(id)
            case .instance(let id): .interface(interfaces[id] ?? id)
            case .local: .foreign("the VPC itself")
            case .gateway(let id), .natGateway(let id), .peering(let id), .transitGateway(let id): .foreign(id)
            // Of an interface that is gone nothing may be left to name.
            case .other(let id): id.isEmpty && isBlackHole ? .interface("") : .foreign(id.isEmpty ? "?" : id)
            }
        return TableRoute(prefix, target, isBlackHole: isBlackHole, isPropagated: route.origin == .propagation)
    }
}
