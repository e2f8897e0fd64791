/// An IPv4 address (RFC 791).
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number in host order: 10.0.0.1 is 0x0a000001.
    public let rawValue: UInt32

    /// The address that `rawValue` is, in host order.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

extension IPv4Address: Comparable {
    /// Addresses sort as numbers.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: LosslessStringConvertible {
    /// Reads four decimal octets (`10.0.0.1`); nil for anything else, leading zeros included.
    public init?(_ text: String) {
        guard let value = IPv4Address.read(text.utf8) else { return nil }
        self.init(rawValue: value)
    }

    /// Reads four decimal octets and says what it was given when they are not.
    public init(parsing text: String) throws(AddressError) {
        guard let address = IPv4Address(text) else {
            throw AddressError(
                expected: "an IPv4 address", text: text, reason: "it must be four numbers of 0 to 255 with dots between"
            )
        }
        self = address
    }

    /// Four decimal octets, such as `10.0.0.1`.
    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 0xff).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
    }

    /// Octets with leading zeros are refused, because some readers take them as octal (RFC 6943 section 3.1.1).
    static func read(_ text: some Sequence<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32?
        var dots = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if octet == 0 { return nil }
                let next = (octet ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard next <= 255 else { return nil }
                octet = next
            case UInt8(ascii: "."):
                guard let done = octet, dots < 3 else { return nil }
                value = value << 8 | done
                octet = nil
                dots += 1
            default:
                return nil
            }
        }
        guard let last = octet, dots == 3 else { return nil }
        return value << 8 | last
    }
}
