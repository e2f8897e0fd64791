/// A 48-bit link-layer address (IEEE 802 EUI-48).
public struct MACAddress: Hashable, Sendable {
    /// The address as a number below 2^48: ee:ee:ee:ee:ee:01 is 0xeeeeeeeeee01.
    public let rawValue: UInt64

    /// The address that `rawValue` is; nil from 2^48 up.
    public init?(rawValue: UInt64) {
        guard rawValue >> 48 == 0 else { return nil }
        self.rawValue = rawValue
    }

    /// The address in `bytes`, as sent on the wire; nil unless there are six.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        rawValue = bytes.reduce(into: 0) { $0 = $0 << 8 | UInt64($1) }
    }

    /// The six bytes as sent on the wire.
    public var bytes: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// Whether it names many receivers, as the lowest bit of the first byte says.
    public var isMulticast: Bool { rawValue >> 40 & 1 == 1 }

    /// Whether it was chosen locally, not by a maker of hardware.
    public var isLocallyAdministered: Bool { rawValue >> 41 & 1 == 1 }
}

extension MACAddress: LosslessStringConvertible {
    /// Reads six pairs of hexadecimal digits with colons or hyphens between; nil for anything else.
    public init?(_ text: String) {
        let pairs = text.utf8.split(omittingEmptySubsequences: false) { $0 == 0x3a || $0 == 0x2d }
        guard pairs.count == 6, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
        guard !(text.utf8.contains(0x3a) && text.utf8.contains(0x2d)) else { return nil }
        var value: UInt64 = 0
        for byte in pairs.joined() {
            guard let digit = hexadecimal(byte) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        rawValue = value
    }

    /// Reads six pairs of hexadecimal digits and says what it was given when they are not.
    public init(parsing text: String) throws(AddressError) {
        guard let address = MACAddress(text) else {
            throw AddressError(
                expected: "a MAC address", text: text, reason: "it must be six pairs of hexadecimal digits with colons")
        }
        self = address
    }

    /// Six lower-case pairs with colons: `ee:ee:ee:ee:ee:ee`.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(17)
        for byte in bytes {
            if !text.isEmpty { text.append(UInt8(ascii: ":")) }
            for digit in [byte >> 4, byte & 0xF] {
                text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
