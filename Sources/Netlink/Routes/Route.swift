public import Addresses

/// A route with at most one next hop (`ip route`).
///
/// Read back, a route that was put compares equal if it named its interface. For that, what the kernel fills in by
/// itself is left out when routes are read: the scope that follows from the route, the metric 1024 of IPv6, the
/// loopback of IPv6 routes that drop. Only the interface that a gateway was found on is told, being news.
public struct Route: Hashable, Sendable {
    /// Where it leads.
    public var destination: IPPrefix
    /// The next hop; may be IPv6 for an IPv4 destination (RFC 5549).
    ///
    /// Nil for neighbours on the link itself.
    public var gateway: IPAddress?
    /// The link's number; nil where the gateway decides.
    public var interface: UInt32?
    /// The table, 254 for main.
    public var table: UInt32
    /// Who made it (RTPROT_*), 3 for boot, 4 for static; our own number marks our routes.
    public var routeProtocol: UInt8
    /// How far the destination is; nil for what follows from the route.
    ///
    /// IPv6 has no scopes.
    public var scope: RouteScope?
    /// What happens to packets.
    public var kind: RouteKind
    /// Whether the gateway is taken to be on the link though no address says so; needs gateway and interface.
    public var onlink: Bool
    /// The source address of packets made here.
    public var preferredSource: IPAddress?
    /// The largest packet on the way, in bytes.
    public var mtu: UInt32?
    /// The preference among routes to one destination, lower first; nil for the family's default.
    public var metric: UInt32?

    /// The main table.
    public static let mainTable: UInt32 = 254

    /// A route with the given properties.
    public init(
        destination: IPPrefix, gateway: IPAddress? = nil, interface: UInt32? = nil, table: UInt32 = Route.mainTable,
        routeProtocol: UInt8 = 4, scope: RouteScope? = nil, kind: RouteKind = .unicast, onlink: Bool = false,
        preferredSource: IPAddress? = nil, mtu: UInt32? = nil, metric: UInt32? = nil
    ) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
        self.table = table
        self.routeProtocol = routeProtocol
        self.scope = scope
        self.kind = kind
        self.onlink = onlink
        self.preferredSource = preferredSource
        self.mtu = mtu
        self.metric = metric
    }

    /// The scope that the kernel is given when none is set.
    var impliedScope: RouteScope {
        guard destination.family == .ipv4 else { return .global }
        switch kind {
        case .local, .nat: return .host
        case .broadcast, .multicast, .anycast: return .link
        case .unicast: return gateway == nil ? .link : .global
        default: return .global
        }
    }
}

extension Route: CustomStringConvertible {
    /// As `ip route replace` takes it.
    public var description: String {
        var words = kind == .unicast ? [] : ["\(kind)"]
        words.append(destination.length == 0 ? "default" : "\(destination)")
        if let gateway {
            words += ["via"] + (gateway.family == destination.family ? [] : ["inet6"]) + ["\(gateway)"]
        }
        if let interface { words += ["dev", "if\(interface)"] }
        if table != Route.mainTable { words += ["table", "\(table)"] }
        if routeProtocol != 4 { words += ["proto", "\(routeProtocol)"] }
        if let scope { words += ["scope", "\(scope)"] }
        if let preferredSource { words += ["src", "\(preferredSource)"] }
        if let metric { words += ["metric", "\(metric)"] }
        if let mtu { words += ["mtu", "\(mtu)"] }
        if onlink { words.append("onlink") }
        return words.joined(separator: " ")
    }
}
