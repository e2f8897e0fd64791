public import Addresses

/// A route table of the VPC, as it was seen.
public struct VPCTable: Hashable, Sendable {
    /// Its id.
    public var id: String
    /// The zones of the subnets that use it.
    public var zones: Set<String>
    /// Its routes, by prefix.
    public var routes: [IPPrefix: TableRoute]

    /// A table.
    public init(_ id: String, zones: Set<String> = [], routes: [TableRoute] = []) {
        self.id = id
        self.zones = zones
        self.routes = Dictionary(routes.map { ($0.prefix, $0) }, uniquingKeysWith: { $1 })
    }

    /// How many routes of a family count towards the limit.
    public func count(_ family: AddressFamily) -> Int {
        routes.values.count { $0.prefix.family == family && !$0.isPropagated }
    }
}

/// One place in one table.
public struct RouteKey: Hashable, Sendable, Comparable {
    /// The table's id.
    public var table: String
    /// The prefix.
    public var prefix: IPPrefix

    /// A place.
    public init(_ table: String, _ prefix: IPPrefix) {
        self.table = table
        self.prefix = prefix
    }

    /// By table, then by prefix.
    public static func < (left: RouteKey, right: RouteKey) -> Bool {
        left.table == right.table ? left.prefix < right.prefix : left.table < right.table
    }
}
