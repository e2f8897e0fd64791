/// Traffic between a target and a peer.
public struct PolicyRule: Hashable, Sendable {
    /// The protocol.
    public var transport: PolicyTransport
    /// Destination ports; with `portRanges` empty too: all.
    public var ports: [Int]
    /// Destination ports from and to, both included.
    public var portRanges: [PolicyPortRange]
    /// The type of ICMP messages, 0 for all.
    public var icmpType: Int
    /// The code of ICMP messages, 0 for all.
    public var icmpCode: Int
    /// Written by older tools, and of no meaning: all rules are stateful.
    public var isStateful: Bool

    /// A rule; what is left out is not limited.
    public init(
        _ transport: PolicyTransport, ports: [Int] = [], portRanges: [PolicyPortRange] = [], icmpType: Int = 0,
        icmpCode: Int = 0, isStateful: Bool = false
    ) {
        self.transport = transport
        self.ports = ports
        self.portRanges = portRanges
        self.icmpType = icmpType
        self.icmpCode = icmpCode
        self.isStateful = isStateful
    }
}

/// The protocols that a rule can name; documents write them in any case.
public enum PolicyTransport: String, Hashable, Sendable, CaseIterable {
    /// TCP.
    case tcp
    /// UDP.
    case udp
    /// ICMP, and ICMPv6 between IPv6 addresses.
    case icmp
    /// Every protocol.
    case any

    /// Whether it has ports.
    public var hasPorts: Bool { self == .tcp || self == .udp }
}

/// Ports from and to, both included, written as a list of two numbers.
public struct PolicyPortRange: Hashable, Sendable {
    /// The lowest.
    public var first: Int
    /// The highest.
    public var last: Int

    /// A range; nothing is checked yet.
    public init(first: Int, last: Int) {
        self.first = first
        self.last = last
    }
}
