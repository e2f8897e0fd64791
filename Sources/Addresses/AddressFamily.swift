/// The two internet protocol versions an address can belong to.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    /// IPv4 (RFC 791).
    case ipv4
    /// IPv6 (RFC 8200).
    case ipv6

    /// The width of an address in bits: 32 or 128.
    public var bits: Int {
        switch self {
        case .ipv4: 32
        case .ipv6: 128
        }
    }

    /// The highest address, seen as a number: all bits set.
    public var highestValue: UInt128 {
        switch self {
        case .ipv4: UInt128(UInt32.max)
        case .ipv6: .max
        }
    }
}

extension AddressFamily: Comparable {
    /// IPv4 sorts before IPv6.
    public static func < (left: AddressFamily, right: AddressFamily) -> Bool { left.bits < right.bits }
}
