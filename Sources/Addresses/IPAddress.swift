/// An address of either family.
///
/// IPv4 addresses mapped into IPv6 (`::ffff:10.0.0.1`) stay IPv6: the two are never equal.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// The address of `family` that is the number `value`; nil when the family has no such address.
    public init?(family: AddressFamily, value: UInt128) {
        switch family {
        case .ipv4:
            guard let value = UInt32(exactly: value) else { return nil }
            self = .v4(IPv4Address(rawValue: value))
        case .ipv6:
            self = .v6(IPv6Address(rawValue: value))
        }
    }

    /// The address in `bytes`, network order; nil unless there are 4 or 16 of them.
    public init?(bytes: some Collection<UInt8>) {
        let value = bytes.reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self = .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: value)))
        case 16: self = .v6(IPv6Address(rawValue: value))
        default: return nil
        }
    }

    /// The family it belongs to.
    public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// The address as a number, 0 to 2^32-1 or 2^128-1.
    public var value: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }

    /// The 4 or 16 bytes of the address in network order.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.rawValue.bigEndian, Array.init)
        case .v6(let address): withUnsafeBytes(of: address.rawValue.bigEndian, Array.init)
        }
    }

    /// The address `distance` further up; nil beyond the end of the family.
    public func advanced(by distance: UInt128) -> IPAddress? {
        let (sum, overflow) = value.addingReportingOverflow(distance)
        return overflow ? nil : IPAddress(family: family, value: sum)
    }

    /// The prefix that holds this address alone: /32 or /128.
    public var hostPrefix: IPPrefix { IPPrefix(masking: self, length: family.bits) }
}

extension IPAddress: Comparable {
    /// IPv4 sorts before IPv6; within a family addresses sort as numbers.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        default: left.family < right.family
        }
    }
}

extension IPAddress: LosslessStringConvertible {
    /// Reads an address of either family; nil for anything else.
    public init?(_ text: String) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Reads an address of either family and says what it was given when it is none.
    public init(parsing text: String) throws(AddressError) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            self = .v6(try IPv6Address(parsing: text))
        } else {
            self = .v4(try IPv4Address(parsing: text))
        }
    }

    /// The usual text: `10.0.0.1`, or RFC 5952 for IPv6.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
