import Addresses
import LinuxSystem
import Netlink

extension FakeNamespace {
    private static let dropping: Set<RouteKind> = [.unreachable, .blackhole, .prohibit, .throw]

    mutating func replace(_ route: Route) throws(Errno) {
        var route = route
        if Self.dropping.contains(route.kind) {
            guard route.gateway == nil else { throw .EINVAL }
            if route.destination.family == .ipv6 { route.interface = nil }
        } else {
            route.interface = try outgoing(route)
        }
        if let source = route.preferredSource, !addresses.contains(where: { $0.address == source }) { throw .EINVAL }
        // As the real one reads it back.
        route.scope = route.scope == impliedScope(route) || route.destination.family == .ipv6 ? nil : route.scope
        let key = FakeRouteKey(route)
        if let place = routes.firstIndex(where: { FakeRouteKey($0) == key }) {
            routes[place] = route
        } else {
            routes.append(route)
        }
    }

    /// The link a route leads over, found by its gateway where it names none.
    private func outgoing(_ route: Route) throws(Errno) -> UInt32 {
        if let interface = route.interface {
            let link = try link(interface)
            guard link.isUp else { throw .ENETDOWN }
        }
        guard let gateway = route.gateway else {
            guard let interface = route.interface else { throw .ENODEV }
            return interface
        }
        if let own = addresses.first(where: { $0.address == gateway }) {
            // Of itself a node may only be an IPv4 gateway, and not in earnest.
            if gateway.family == .ipv6 || route.onlink { throw .EINVAL }
            return own.interface
        }
        if route.onlink {
            guard let interface = route.interface else { throw .ENODEV }
            return interface
        }
        if gateway.family == .ipv6, isLinkLocal(gateway) {
            guard let interface = route.interface else { throw .EINVAL }
            return interface
        }
        // A gateway must be a neighbour: on a prefix of a link that is up, or behind a route without a gateway.
        let connected =
            connectedRoutes.filter { $0.destination.contains(gateway) }
            + routes.filter { $0.gateway == nil && $0.kind == .unicast && $0.destination.contains(gateway) }
        let candidates = connected.compactMap(\.interface)
        if let interface = route.interface, candidates.contains(interface) { return interface }
        if route.interface == nil, let interface = candidates.first { return interface }
        throw gateway.family == .ipv4 ? .ENETUNREACH : .EHOSTUNREACH
    }

    private func isLinkLocal(_ address: IPAddress) -> Bool {
        address.family == .ipv6 && address.value >> 118 == 0xfe80 >> 6
    }

    private func impliedScope(_ route: Route) -> RouteScope {
        route.kind == .unicast && route.gateway == nil ? .link : .global
    }

    /// The routes that addresses make by themselves, while their link is up.
    var connectedRoutes: [Route] {
        addresses.compactMap { address in
            guard links[address.interface]?.isUp == true, address.prefixLength < address.address.family.bits,
                let prefix = IPPrefix(address.address, length: address.prefixLength)
            else { return nil }
            return Route(
                destination: prefix, interface: address.interface, routeProtocol: 2,
                preferredSource: address.address.family == .ipv4 ? address.address : nil)
        }
    }

    mutating func delete(_ route: Route) throws(Errno) {
        let place = routes.firstIndex { held in
            held.destination == route.destination && held.table == route.table && held.kind == route.kind
                && held.routeProtocol == route.routeProtocol
                && (route.metric == nil || route.metric == held.metric)
                && (route.gateway == nil || route.gateway == held.gateway)
                && (route.interface == nil || route.interface == held.interface)
                && (route.preferredSource == nil || route.preferredSource == held.preferredSource)
        }
        guard let place else { throw .ESRCH }
        routes.remove(at: place)
    }

    /// The route that a packet would take: the rules in order, in each table the longest prefix.
    func lookup(_ address: IPAddress) -> Route? {
        if let local = addresses.first(where: { $0.address == address }) {
            return Route(
                destination: address.hostPrefix, interface: local.interface, table: 255, routeProtocol: 2,
                kind: .local)
        }
        let candidates = (connectedRoutes + routes).filter { $0.destination.contains(address) }
        for rule in rules.sorted(by: { $0.priority < $1.priority })
        where rule.family == address.family && rule.mark == nil && rule.source == nil
            && rule.destination?.contains(address) != false
        {
            let best = candidates.filter { $0.table == rule.table }.max {
                ($0.destination.length, $1.metric ?? 0) < ($1.destination.length, $0.metric ?? 0)
            }
            guard let best, best.kind != .throw else { continue }
            return Self.dropping.contains(best.kind) ? nil : best
        }
        return nil
    }
}

/// What makes the kernel take two routes for the same.
private struct FakeRouteKey: Hashable {
    let destination: IPPrefix
    let table: UInt32
    let metric: UInt32?

    init(_ route: Route) {
        destination = route.destination
        table = route.table
        metric = route.metric
    }
}
