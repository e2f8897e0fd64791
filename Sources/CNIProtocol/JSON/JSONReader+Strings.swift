extension JSONReader {
    /// Reads a string (RFC 8259 section 7) whose opening quote is the current byte.
    mutating func string() throws(JSONError) -> String {
        let opening = position
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { return try escapedString(opening: opening, start: start) }
            try refuseControl(byte)
            position += 1
        }
        guard current != nil else { throw JSONError(offset: opening, reason: "a string that is not closed") }
        let text = try text(bytes[start..<position], at: start)
        position += 1
        return text
    }

    /// The slower way for a string with a backslash in it; `start` is where its contents begin.
    private mutating func escapedString(opening: Int, start: Int) throws(JSONError) -> String {
        var contents = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text(contents[...], at: start)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &contents)
            default:
                try refuseControl(byte)
                contents.append(byte)
                position += 1
            }
        }
        throw JSONError(offset: opening, reason: "a string that is not closed")
    }

    private mutating func escape(into contents: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw failure("the document ends inside an escape") }
        let plain: UInt8? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let plain {
            contents.append(plain)
            position += 1
            return
        }
        guard byte == UInt8(ascii: "u") else { throw failure("\(Self.spelled(byte)) is not an escape") }
        let scalar = try escapedScalar()
        contents.append(contentsOf: Character(scalar).utf8)
    }

    /// Reads `uXXXX`, and the second half when it is the first of a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let beginning = position - 1
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), current == UInt8(ascii: "u") else {
            throw JSONError(offset: beginning, reason: "half of a surrogate pair")
        }
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00))
        else { throw JSONError(offset: beginning, reason: "half of a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = current.flatMap(Self.hexadecimal) else {
                throw failure("four hexadecimal digits are due after \\u")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private func refuseControl(_ byte: UInt8) throws(JSONError) {
        guard byte >= 0x20 else { throw failure("\(Self.spelled(byte)) inside a string") }
    }

    private func text(_ contents: ArraySlice<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(validating: contents, as: UTF8.self) else {
            throw JSONError(offset: offset, reason: "a string that is not UTF-8")
        }
        return text
    }
}
