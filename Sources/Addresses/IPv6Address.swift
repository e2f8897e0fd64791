/// An IPv6 address without a zone (RFC 4291).
public struct IPv6Address: Hashable, Sendable {
    /// The address as a number: `::1` is 1.
    public let rawValue: UInt128

    /// The address that `rawValue` is.
    public init(rawValue: UInt128) { self.rawValue = rawValue }
}

extension IPv6Address: Comparable {
    /// Addresses sort as numbers.
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv6Address: LosslessStringConvertible {
    /// Reads any form of RFC 4291 section 2.2, `::` and a dotted tail included; nil for anything else, zones included.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ IPv6Address.read($0) }) else { return nil }
        self.init(rawValue: value)
    }

    /// Reads any form of RFC 4291 section 2.2 and says what it was given when it is none.
    public init(parsing text: String) throws(AddressError) {
        guard let address = IPv6Address(text) else {
            throw AddressError(
                expected: "an IPv6 address", text: text, reason: "it must be eight hexadecimal groups, or fewer with ::"
            )
        }
        self = address
    }

    /// The one text form of RFC 5952: lower case, the longest run of zero groups as `::`, mapped IPv4 with dots.
    public var description: String {
        if rawValue >> 32 == 0xffff {
            return "::ffff:" + IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)).description
        }
        let zeros = longestZeroRun
        var text = ""
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, zeros.count > 1 {
                text += "::"
                index = zeros.upperBound
                continue
            }
            if index > 0, !text.hasSuffix("::") { text += ":" }
            text += String(group(index), radix: 16)
            index += 1
        }
        return text
    }

    private func group(_ index: Int) -> UInt16 { UInt16(truncatingIfNeeded: rawValue >> (112 - 16 * index)) }

    /// The first of the longest runs of zero groups.
    private var longestZeroRun: Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            if group(index) != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest
    }
}

extension IPv6Address {
    static func read(_ text: UnsafeBufferPointer<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        var value: UInt128 = 0
        var groups = 0
        var gap: Int?
        var index = 0
        if text.count >= 2, text[0] == colon, text[1] == colon {
            gap = 0
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt128 = 0
            while index < text.count, let digit = hexadecimal(text[index]) {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt128(digit)
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let tail = IPv4Address.read(text[start...]), groups <= 6 else { return nil }
                value = value << 32 | UInt128(tail)
                groups += 2
                break
            }
            guard index > start, groups < 8 else { return nil }
            value = value << 16 | group
            groups += 1
            guard index < text.count else { break }
            guard text[index] == colon, index + 1 < text.count else { return nil }
            index += 1
            if text[index] == colon {
                guard gap == nil else { return nil }
                gap = groups
                index += 1
            }
        }
        guard let gap else { return groups == 8 ? value : nil }
        guard groups < 8 else { return nil }
        let tailBits = 16 * (groups - gap)
        let tail = value & ~(UInt128.max << tailBits)
        let head = value >> tailBits
        return head << (16 * (8 - gap)) | tail
    }
}

/// The value of one hexadecimal digit of either case.
func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
