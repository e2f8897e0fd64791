import NIOCore

/// Reads answers whose length is told by Content-Length, one after the other.
struct AnswerReader: NIOSingleStepByteToMessageDecoder {
    /// Status and body of one answer.
    struct InboundOut: Sendable {
        var status: Int
        var body: String
    }

    mutating func decode(buffer: inout ByteBuffer) -> InboundOut? {
        let view = buffer.readableBytesView
        guard let end = Self.end(of: view) else { return nil }
        let head = String(decoding: view[..<end], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        let total = end + 4 - view.startIndex + length
        guard buffer.readableBytes >= total, let bytes = buffer.readSlice(length: total) else { return nil }
        return InboundOut(status: status, body: String(decoding: bytes.readableBytesView.suffix(length), as: UTF8.self))
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) -> InboundOut? { decode(buffer: &buffer) }

    /// Where the empty line after the head begins.
    private static func end(of view: ByteBufferView) -> Int? {
        var index = view.startIndex
        while index + 3 < view.endIndex {
            if view[index] == 13, view[index + 1] == 10, view[index + 2] == 13, view[index + 3] == 10 { return index }
            index += 1
        }
        return nil
    }
}
