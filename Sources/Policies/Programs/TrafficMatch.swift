/// Which traffic a rule of a chain is about.
public enum TrafficMatch: Hashable, Sendable {
    /// All of it.
    case any
    /// Ports of a protocol; 0...65535 for all of them.
    case ports(NetworkPolicy.Transport, ClosedRange<UInt16>)
    /// The port that is in the set of named ports under this number and the destination's address.
    case named(NetworkPolicy.Transport, UInt32)
    /// ICMP of IPv4, ICMPv6 of IPv6.
    case icmp(type: UInt8?, code: UInt8?)
}

extension NetworkPolicy.Transport {
    /// Its number among the protocols over IP (IANA).
    public var number: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}
