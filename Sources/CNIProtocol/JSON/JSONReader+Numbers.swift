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
        let spelling = String(decoding: bytes[start..<position], as: UTF8.self)
        // A double holds whatever has up to 308 digits, so most numbers need no conversion to know that they are finite.
        guard !hasExponent && position - start <= 308 || Double(spelling)?.isFinite == true else {
            throw JSONError(offset: start, reason: "a number beyond the range of a double")
        }
        return spelling
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw failure("a digit is due") }
    }
}
