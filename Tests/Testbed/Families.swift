/// Which addresses a cluster's nodes and pods have.
public enum Families: String, Sendable, Hashable, CaseIterable {
    case ipv4, ipv6, dual

    /// Whether pods have IPv4 addresses.
    public var hasIPv4: Bool { self != .ipv6 }
    /// Whether pods have IPv6 addresses.
    public var hasIPv6: Bool { self != .ipv4 }
    /// How many addresses a pod gets.
    public var count: Int { self == .dual ? 2 : 1 }
}
