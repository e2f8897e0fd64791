import Addresses
import CLinux
import CNlRoute
import LinuxSystem

extension Route {
    /// `ip route replace ...` or `ip route delete ...`.
    func encode(_ type: Int, flags: Int32, into buffer: RequestBuffer, owner: Int) throws(Errno) {
        let object = try object()
        let message =
            type == RTM_NEWROUTE
            ? try Message { rtnl_route_build_add_request(object.pointer, flags, $0) }
            : try Message { rtnl_route_build_del_request(object.pointer, flags, $0) }
        try buffer.append(message, owner: owner)
    }

    private func object() throws(Errno) -> RouteObject {
        let object = try RouteObject()
        let destination = try destination.binary()
        rtnl_route_set_family(object.pointer, UInt8(self.destination.family.number))
        guard rtnl_route_set_dst(object.pointer, destination.pointer) >= 0 else { throw .EINVAL }
        rtnl_route_set_table(object.pointer, table)
        rtnl_route_set_protocol(object.pointer, routeProtocol)
        rtnl_route_set_type(object.pointer, kind.rawValue)
        rtnl_route_set_scope(object.pointer, (scope ?? impliedScope).rawValue)
        if let metric { rtnl_route_set_priority(object.pointer, metric) }
        if let mtu { rtnl_route_set_metric(object.pointer, Int32(RTAX_MTU), mtu) }
        if let preferredSource {
            let source = try preferredSource.binary()
            guard rtnl_route_set_pref_src(object.pointer, source.pointer) >= 0 else { throw .EINVAL }
        }
        if gateway != nil || interface != nil { try addNextHop(to: object) }
        return object
    }

    private func addNextHop(to object: borrowing RouteObject) throws(Errno) {
        let hop = try object.addNextHop()
        if let interface { rtnl_route_nh_set_ifindex(hop, Int32(bitPattern: interface)) }
        if onlink { rtnl_route_nh_set_flags(hop, UInt32(RTNH_F_ONLINK)) }
        guard let gateway else { return }
        let address = try gateway.binary()
        if gateway.family == destination.family {
            rtnl_route_nh_set_gateway(hop, address.pointer)
        } else {
            // An IPv6 next hop of an IPv4 route travels in RTA_VIA.
            guard rtnl_route_nh_set_via(hop, address.pointer) >= 0 else { throw .EINVAL }
        }
    }
}
