/// What a route does with packets (RTN_* of linux/rtnetlink.h).
public struct RouteKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number.
    public let rawValue: UInt8

    /// A kind by the kernel's number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Passes them on.
    public static let unicast = RouteKind(rawValue: 1)
    /// Takes them in.
    public static let local = RouteKind(rawValue: 2)
    /// Takes them in, and sends as broadcast.
    public static let broadcast = RouteKind(rawValue: 3)
    /// Takes them in as one of many.
    public static let anycast = RouteKind(rawValue: 4)
    /// Sends them to a group.
    public static let multicast = RouteKind(rawValue: 5)
    /// Drops them without a word.
    public static let blackhole = RouteKind(rawValue: 6)
    /// Drops them and says "host unreachable".
    public static let unreachable = RouteKind(rawValue: 7)
    /// Drops them and says "administratively prohibited".
    public static let prohibit = RouteKind(rawValue: 8)
    /// Goes on with the next rule.
    public static let `throw` = RouteKind(rawValue: 9)
    /// No longer served by the kernel.
    static let nat = RouteKind(rawValue: 10)

    /// The name that `ip route` gives it.
    public var description: String {
        let names = [
            "none", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit",
            "throw", "nat",
        ]
        return Int(rawValue) < names.count ? names[Int(rawValue)] : "\(rawValue)"
    }
}
