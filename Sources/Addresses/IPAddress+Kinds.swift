extension IPAddress {
    /// Whether it names the machine itself: 127.0.0.0/8 (RFC 1122) or ::1 (RFC 4291).
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6(let address): address.rawValue == 1
        }
    }

    /// Whether it means something on one link only: 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291).
    public var isLinkLocal: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 16 == 0xa9fe
        case .v6(let address): address.rawValue >> 118 == 0x3fa
        }
    }
}

extension IPPrefix {
    /// All addresses of a family: 0.0.0.0/0 or ::/0.
    public static func everything(_ family: AddressFamily) -> IPPrefix {
        let zero: IPAddress = family == .ipv4 ? .v4(IPv4Address(rawValue: 0)) : .v6(IPv6Address(rawValue: 0))
        return IPPrefix(masking: zero, length: 0)
    }
}
