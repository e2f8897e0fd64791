/// How far away a destination is, or how far an address counts (RT_SCOPE_* of linux/rtnetlink.h).
public struct RouteScope: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number; higher is nearer.
    public let rawValue: UInt8

    /// A scope by the kernel's number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Anywhere.
    public static let global = RouteScope(rawValue: 0)
    /// Inside the site (IPv6, no longer used).
    public static let site = RouteScope(rawValue: 200)
    /// On the link.
    public static let link = RouteScope(rawValue: 253)
    /// In this host.
    public static let host = RouteScope(rawValue: 254)
    /// Nowhere: a destination that does not exist.
    public static let nowhere = RouteScope(rawValue: 255)

    /// The name that `ip` gives it.
    public var description: String {
        switch self {
        case .global: "global"
        case .site: "site"
        case .link: "link"
        case .host: "host"
        case .nowhere: "nowhere"
        default: "\(rawValue)"
        }
    }
}
