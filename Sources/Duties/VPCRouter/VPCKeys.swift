import Addresses
import VPCRoutes

/// Where etcd keeps what the duty of routes in a VPC knows.
struct VPCKeys: Sendable {
    /// What all keys of cluster state begin with.
    let prefix: String

    init(prefix: String) { self.prefix = prefix }

    /// What keys of hosts begin with.
    var hosts: String { "\(prefix)/hosts/" }
    /// What keys of blocks begin with.
    var blocks: String { "\(prefix)/blocks/" }
    /// What keys of live agents begin with.
    var alive: String { "\(prefix)/alive/" }
    /// The topology.
    var topology: String { "\(prefix)/topology" }
    /// What keys of our own routes begin with: PREFIX/routes/vpc/tables/TABLE/CIDR.
    var routes: String { "\(prefix)/routes/vpc/tables/" }
    /// How things stand.
    var status: String { "\(prefix)/routes/vpc/status" }

    /// The key of one route.
    func route(_ key: RouteKey) -> String { "\(routes)\(key.table)/\(key.prefix)" }

    /// The place that a key stands for; nil when it stands for none.
    func place(_ key: String) -> RouteKey? {
        guard key.hasPrefix(routes) else { return nil }
        let rest = key.dropFirst(routes.count)
        guard let slash = rest.firstIndex(of: "/"), slash != rest.startIndex,
            let prefix = IPPrefix(String(rest[rest.index(after: slash)...]))
        else { return nil }
        return RouteKey(String(rest[..<slash]), prefix)
    }
}
