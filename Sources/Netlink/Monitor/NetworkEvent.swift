/// Something that changed in a namespace, by whomever.
public enum NetworkEvent: Hashable, Sendable {
    /// A link is new, or changed.
    case link(Link)
    /// A link has gone.
    case linkGone(Link)
    /// An address is new, or changed.
    case address(InterfaceAddress)
    /// An address has gone.
    case addressGone(InterfaceAddress)
    /// A route is new, or changed.
    case route(Route)
    /// A route has gone.
    ///
    /// Routes that go with their link, when it goes down or away, go without an event (IPv4).
    case routeGone(Route)
    /// A neighbour is new, or changed.
    case neighbour(Neighbour)
    /// A neighbour has gone.
    case neighbourGone(Neighbour)
    /// A rule is new.
    case rule(RoutingRule)
    /// A rule has gone.
    case ruleGone(RoutingRule)
}

/// What a monitor has heard since it was last asked.
public enum MonitorReading: Hashable, Sendable {
    /// Events in order; none if nothing happened.
    case events([NetworkEvent])
    /// Events were lost because they were not read fast enough: everything must be read anew.
    case overrun
}
