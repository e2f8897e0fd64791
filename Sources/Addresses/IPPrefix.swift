/// A block of addresses that share their first `length` bits (RFC 4632, RFC 4291 section 2.3).
///
/// Bits behind the length are always zero: 10.0.0.5/24 is 10.0.0.0/24.
public struct IPPrefix: Hashable, Sendable {
    /// The network address, which is the first address of the prefix.
    public let address: IPAddress
    /// How many bits are fixed: 0 to 32, or 0 to 128.
    public let length: Int

    /// The prefix of `length` bits around `address`; nil when the family has no such length.
    public init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.bits).contains(length) else { return nil }
        self.init(masking: address, length: length)
    }

    /// For lengths that are known to be in range; others are clamped.
    init(masking address: IPAddress, length: Int) {
        self.length = min(max(length, 0), address.family.bits)
        switch address {
        case .v4(let address):
            self.address = .v4(IPv4Address(rawValue: address.rawValue & UInt32.max << (32 - self.length)))
        case .v6(let address):
            self.address = .v6(IPv6Address(rawValue: address.rawValue & UInt128.max << (128 - self.length)))
        }
    }

    /// The family of its addresses.
    public var family: AddressFamily { address.family }

    /// How many bits are free to differ.
    public var freeBits: Int { family.bits - length }

    /// The lowest address.
    public var first: IPAddress { address }

    /// The highest address.
    public var last: IPAddress {
        switch address {
        case .v4(let first): .v4(IPv4Address(rawValue: first.rawValue | ~(UInt32.max << freeBits)))
        case .v6(let first): .v6(IPv6Address(rawValue: first.rawValue | ~(UInt128.max << freeBits)))
        }
    }

    /// How many addresses it holds; ::/0 holds one more than the number says.
    public var count: UInt128 { freeBits == 128 ? .max : 1 << freeBits }
}

extension IPPrefix: Comparable {
    /// Prefixes sort by network address, and the wider before the narrower.
    public static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        left.address == right.address ? left.length < right.length : left.address < right.address
    }
}

extension IPPrefix: LosslessStringConvertible {
    /// Reads `ADDRESS/LENGTH` and masks it; nil for anything else, a missing length included.
    public init?(_ text: String) {
        guard let prefix = try? IPPrefix(parsing: text) else { return nil }
        self = prefix
    }

    /// Reads `ADDRESS/LENGTH`, masks it, and says what is wrong when it cannot.
    public init(parsing text: String) throws(AddressError) {
        func failure(_ reason: String) -> AddressError {
            AddressError(expected: "a prefix", text: text, reason: reason)
        }
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            throw failure("it has no /length")
        }
        guard let address = IPAddress(String(text[..<slash])) else {
            throw failure("there is no address before the slash")
        }
        let digits = text.utf8[text.utf8.index(after: slash)...]
        let isNumber = (1...3).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
        let hasLeadingZero = digits.count > 1 && digits.first == 0x30
        let number = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        guard isNumber, !hasLeadingZero, let prefix = IPPrefix(address, length: number) else {
            throw failure("the length must be 0 to \(address.family.bits)")
        }
        self = prefix
    }

    /// The network address and the length: `10.0.0.0/24`.
    public var description: String { "\(address)/\(length)" }
}
