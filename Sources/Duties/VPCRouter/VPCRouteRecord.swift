import VPCRoutes

/// One of our routes as it is stored in etcd: written before the route is made, gone after it is.
struct VPCRouteRecord: Hashable, Sendable, Codable {
    /// The table's id.
    var table: String
    /// The prefix.
    var prefix: String
    /// The host that it leads to.
    var host: String
    /// The interface of that.
    var interface: String
    /// The interface that it led to before, until it is known that it does not any more.
    var former: String?
    /// Since when, in seconds since 1970.
    var since: Int64
    /// Why.
    var reason: String
    /// What it is a route to.
    var purpose: String

    init(_ key: RouteKey, _ route: OwnRoute) {
        table = key.table
        prefix = "\(key.prefix)"
        host = route.host
        interface = route.interface
        former = route.former
        since = route.since
        reason = route.reason
        purpose = route.purpose
    }

    /// As plans are made of it.
    var route: OwnRoute {
        OwnRoute(host: host, interface: interface, former: former, since: since, reason: reason, purpose: purpose)
    }
}
