/// What a connection speaks above IP, by its number (`/etc/protocols`).
public struct ConnectionProtocol: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the IP header.
    public let rawValue: UInt8

    /// A protocol by its number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// ICMP.
    public static let icmp = ConnectionProtocol(rawValue: 1)
    /// TCP.
    public static let tcp = ConnectionProtocol(rawValue: 6)
    /// UDP.
    public static let udp = ConnectionProtocol(rawValue: 17)
    /// ICMP of IPv6.
    public static let icmpv6 = ConnectionProtocol(rawValue: 58)
    /// SCTP.
    public static let sctp = ConnectionProtocol(rawValue: 132)

    /// The name that `conntrack` gives it, or the number.
    public var description: String {
        switch self {
        case .icmp: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmpv6: "icmpv6"
        case .sctp: "sctp"
        default: "\(rawValue)"
        }
    }
}
