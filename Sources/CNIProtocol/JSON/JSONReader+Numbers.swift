extension JSONReader {
    /// Reads a number (RFC 8259 section 6) and gives its own spelling.
    mutating func number() throws(JSONError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leading = position
        try digits()
        guard bytes[leading] != UInt8(ascii: "0") || position == leading + 1 else {
            throw JSONError(offset: leading, reason: "a number with a leading zero")
        }
        if take(UInt8(ascii: ".")) { try digits() }
        var hasExponent = false
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            hasExponent = true
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        guard !hasExponent && position - start <= 308 || Self.isFinite(bytes[start..<position]) else {
            throw JSONError(offset: start, reason: "a number beyond the range of a double")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Whether a double holds a number of this spelling: told from its digits, so that the plugin, which is the size of
    /// what it uses, needs no conversion to a double.
    private static func isFinite(_ spelling: ArraySlice<UInt8>) -> Bool {
        // What is not below it rounds to infinity: 2^1024 less half of the last place, to twenty digits, times 10^308.
        let limit = Array("17976931348623158079".utf8)
        let mark = spelling.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? spelling.endIndex
        let mantissa = spelling[..<mark].drop { $0 == UInt8(ascii: "-") }
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mark
        let isDigit = { (byte: UInt8) in byte != UInt8(ascii: "0") && byte != UInt8(ascii: ".") }
        guard let first = mantissa.firstIndex(where: isDigit) else { return true }
        let power = magnitude(spelling[mark...].dropFirst()) + (first < point ? point - first - 1 : point - first)
        guard power == 308 else { return power < 308 }
        let leading = mantissa[first...].filter { $0 != UInt8(ascii: ".") }.prefix(limit.count)
        return !limit.lexicographicallyPrecedes(leading)
    }

    /// The value of an exponent's digits; where it is beyond any that matters, some value beyond as well.
    private static func magnitude(_ text: ArraySlice<UInt8>) -> Int {
        var value = 0
        for byte in text where byte >= UInt8(ascii: "0") && value < 1 << 40 {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw failure("a digit is due") }
    }
}
