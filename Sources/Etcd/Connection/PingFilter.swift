internal import NIOCore

/// Takes PING frames out of the bytes that a server sends, and leaves all else as it is.
///
/// A frame is a header of nine bytes (length 24 bits, type, flags, stream 32 bits) and its payload: RFC 9113,
/// section 4.1; PING is type 6 with eight bytes on stream 0, flag 1 for an answer: section 6.7. Nothing is judged
/// here: what is not a well-formed PING goes through, for the HTTP/2 code behind to refuse.
struct PingFilter {
    private static let headerLength = 9
    private static let pingLength = 17

    /// The start of a frame that has not arrived whole: under nine bytes, or under 17 of what looks like a PING.
    private var held: ByteBuffer?
    /// How much of the current frame's payload is still to come.
    private var payloadLeft = 0

    /// Reads on in the stream: `forward` gets what is to go on, in order, `ping` the eight bytes of each PING.
    mutating func read(_ input: ByteBuffer, forward: (ByteBuffer) -> Void, ping: (UInt64) -> Void) {
        var bytes = input
        if var held {
            self.held = nil
            held.writeBuffer(&bytes)
            bytes = held
        }
        // Everything from here to the current position goes on in one piece, without a copy.
        var start = bytes.readerIndex
        var position = start
        let end = bytes.writerIndex
        func forwardUpTo(_ limit: Int) {
            guard limit > start, let piece = bytes.getSlice(at: start, length: limit - start) else { return }
            forward(piece)
        }
        while position < end {
            if payloadLeft > 0 {
                let step = min(payloadLeft, end - position)
                payloadLeft -= step
                position += step
                continue
            }
            guard end - position >= Self.headerLength else { break }
            guard Self.isPing(bytes, at: position) else {
                payloadLeft = Self.length(bytes, at: position)
                position += Self.headerLength
                continue
            }
            guard end - position >= Self.pingLength,
                let data: UInt64 = bytes.getInteger(at: position + Self.headerLength)
            else { break }
            forwardUpTo(position)
            ping(data)
            position += Self.pingLength
            start = position
        }
        forwardUpTo(position)
        if position < end { held = bytes.getSlice(at: position, length: end - position) }
    }

    private static func length(_ bytes: ByteBuffer, at index: Int) -> Int {
        let word: UInt32 = bytes.getInteger(at: index) ?? 0
        return Int(word >> 8)
    }

    /// 00 00 08 06 00 00 00 00 00, the stream's first bit being reserved.
    private static func isPing(_ bytes: ByteBuffer, at index: Int) -> Bool {
        guard let word: UInt64 = bytes.getInteger(at: index), let last: UInt8 = bytes.getInteger(at: index + 8) else {
            return false
        }
        return word & 0xffff_ffff_017f_ffff == 0x0000_0806_0000_0000 && last == 0
    }

    /// The answer to a PING: the same eight bytes, with flag 1.
    static func answer(_ data: UInt64, from allocator: ByteBufferAllocator) -> ByteBuffer {
        var frame = allocator.buffer(capacity: pingLength)
        frame.writeInteger(0x0000_0806_0100_0000 as UInt64)
        frame.writeInteger(0 as UInt8)
        frame.writeInteger(data)
        return frame
    }
}
