/// Puts the head of an answer together from the lines that libcurl passes on.
///
/// Interim answers (1xx) are passed over, and so are trailers, whose lines come after the body.
struct ResponseHeadReader {
    /// The most bytes of a head, all lines together.
    static let limit = 256 << 10

    /// The finished head, nil as long as lines are missing.
    private(set) var head: HTTPResponseHead?
    private var status = 0
    private var headers: [(String, String)] = []
    private var length = 0

    enum Progress {
        case more, complete, tooLong, malformed
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Progress {
        guard head == nil else { return .more }
        length += bytes.count
        guard length <= Self.limit else { return .tooLong }
        let line = String(decoding: bytes, as: UTF8.self).trimmed
        if status == 0 { return takeStatus(line) }
        if line.isEmpty { return finishBlock() }
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return .malformed }
        headers.append((String(line[..<colon]), String(line[line.index(after: colon)...].trimmed)))
        return .more
    }

    /// `HTTP/1.1 200 OK`.
    private mutating func takeStatus(_ line: Substring) -> Progress {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let number = Int(words[1]), (100...599).contains(number)
        else { return .malformed }
        status = number
        return .more
    }

    private mutating func finishBlock() -> Progress {
        defer { status = 0 }
        guard status >= 200 else {
            headers = []
            return .more
        }
        head = HTTPResponseHead(status: status, headers: headers)
        return .complete
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without spaces, tabs and line ends around it.
    fileprivate var trimmed: Substring {
        let isSpace = { (character: Character) in character.isASCII && character.isWhitespace }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return self[endIndex..<endIndex]
        }
        return self[first...last]
    }
}
