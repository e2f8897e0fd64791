import Addresses
import CLinux
import CNlRoute

extension Route {
    /// The metric that the kernel gives an IPv6 route without one (IP6_RT_PRIO_USER).
    private static let defaultMetric6: UInt32 = 1024

    /// The route that an RTM_NEWROUTE or RTM_DELROUTE describes; of several next hops, the first.
    init?(_ reply: Reply) {
        guard let route = ParsedObject.parse(reply, Route.init(libnl:)) else { return nil }
        self = route
    }

    private init?(libnl object: OpaquePointer) {
        let family: AddressFamily
        switch Int32(rtnl_route_get_family(object)) {
        case AddressFamily.ipv4.number: family = .ipv4
        case AddressFamily.ipv6.number: family = .ipv6
        default: return nil
        }
        guard let destination = IPPrefix(libnl: rtnl_route_get_dst(object), family: family) else { return nil }
        self.init(
            destination: destination, table: rtnl_route_get_table(object),
            routeProtocol: rtnl_route_get_protocol(object), kind: RouteKind(rawValue: rtnl_route_get_type(object)))
        if let hop = rtnl_route_nexthop_n(object, 0) {
            gateway = IPAddress(libnl: rtnl_route_nh_get_gateway(hop)) ?? IPAddress(libnl: rtnl_route_nh_get_via(hop))
            let index = rtnl_route_nh_get_ifindex(hop)
            interface = index > 0 ? UInt32(index) : nil
            onlink = rtnl_route_nh_get_flags(hop) & UInt32(RTNH_F_ONLINK) != 0
        }
        preferredSource = IPAddress(libnl: rtnl_route_get_pref_src(object))
        var value: UInt32 = 0
        if rtnl_route_get_metric(object, Int32(RTAX_MTU), &value) >= 0 { mtu = value }
        leaveOutDefaults(
            scope: RouteScope(rawValue: rtnl_route_get_scope(object)), metric: rtnl_route_get_priority(object))
    }

    /// Leaves out what the kernel filled in by itself, so that a route read compares equal to the route that was put.
    private mutating func leaveOutDefaults(scope: RouteScope, metric: UInt32) {
        self.scope = scope == impliedScope ? nil : scope
        let defaultMetric = destination.family == .ipv6 ? Self.defaultMetric6 : 0
        self.metric = metric == defaultMetric ? nil : metric
        // The kernel shows IPv6 routes that drop packets on the loopback.
        if destination.family == .ipv6, [.unreachable, .blackhole, .prohibit, .throw].contains(kind) {
            interface = nil
        }
    }
}
