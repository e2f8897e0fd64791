/// Cuts a stream of bytes into lines, however the bytes come.
struct LineSplitter {
    /// The longest line that is kept; no object is as large.
    let limit: Int
    private var partial: [UInt8] = []

    init(limit: Int = 16 << 20) { self.limit = limit }

    /// The lines that some more bytes complete, without their ends and without empty ones; nil when one is too long.
    mutating func take(_ bytes: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            guard partial.count + (end - rest.startIndex) <= limit else { return nil }
            let line = partial.isEmpty ? Array(rest[..<end]) : partial + rest[..<end]
            if !line.isEmpty { lines.append(line) }
            partial = []
            rest = rest[(end + 1)...]
        }
        guard partial.count + rest.count <= limit else { return nil }
        partial += rest
        return lines
    }
}
