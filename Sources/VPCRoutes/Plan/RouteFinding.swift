public import Addresses

/// Something about routes that somebody should know of.
public enum RouteFinding: Hashable, Sendable {
    /// A table has no room for prefixes.
    case full(table: String, limit: Int, prefixes: [IPPrefix])
    /// Somebody else's route is where ours should be.
    case occupied(RouteKey, target: String)
    /// There are no tables of these ids, which are named for us.
    case absent(tables: [String])
    /// No host that could take a prefix is well.
    case noHealthyHost(IPPrefix, purpose: String)
    /// None of the hosts that could take a prefix has an instance in the VPC.
    case noTarget(IPPrefix, purpose: String)
    /// No route table is such as those of the cluster are: `has the tag kubernetes.io/cluster/prod`.
    case noTable(String)
    /// A group's hosts are on several subnets.
    case scattered(group: String, subnets: [String])

    /// As one sentence.
    public var text: String {
        switch self {
        case .full(let table, let limit, let prefixes):
            let list = prefixes.prefix(10).map(\.description).joined(separator: ", ")
            let more = prefixes.count > 10 ? " and \(prefixes.count - 10) more" : ""
            return "\(table) has no room (limit \(limit)) for \(list)\(more)"
        case .occupied(let key, let target):
            return "\(key.table) has somebody else's route to \(key.prefix), by \(target)"
        case .absent(let tables):
            return "there is no route table \(tables.joined(separator: ", ")), which is named for us: "
                + "until there is, nothing is withdrawn from tables that are not"
        case .noHealthyHost(let prefix, let purpose): return "no host is well that could take \(prefix) (\(purpose))"
        case .noTarget(let prefix, let purpose):
            return "no host has an instance in the VPC that could take \(prefix) (\(purpose))"
        case .noTable(let words): return "no route table \(words)"
        case .scattered(let group, let subnets):
            return "hosts of \(group) are on several subnets (\(subnets.joined(separator: ", "))): "
                + "blocks of those outside the first need routes of their own"
        }
    }
}
