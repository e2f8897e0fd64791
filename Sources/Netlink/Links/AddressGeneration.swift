/// How a link makes its IPv6 link-local address when it comes up (`addrgenmode`, IN6_ADDR_GEN_MODE_*).
public struct AddressGeneration: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number.
    public let rawValue: UInt8

    /// A mode by the kernel's number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// From the hardware address; the kernel's default.
    public static let eui64 = AddressGeneration(rawValue: 0)
    /// None is made.
    public static let none = AddressGeneration(rawValue: 1)

    /// The name that `ip` gives it.
    public var description: String {
        switch self {
        case .eui64: "eui64"
        case .none: "none"
        case AddressGeneration(rawValue: 2): "stable_secret"
        case AddressGeneration(rawValue: 3): "random"
        default: "\(rawValue)"
        }
    }
}
