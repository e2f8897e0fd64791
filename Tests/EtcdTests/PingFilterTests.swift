import NIOCore
import Testing

@testable import Etcd

@Suite struct PingFilterTests {
    // SETTINGS with one setting: 00 00 06 | 04 | 00 | 00000000 | 0003 00000064
    static let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]
    // PING: 00 00 08 | 06 | 00 | 00000000 | 02 04 10 10 09 0e 07 07
    static let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 2, 4, 16, 16, 9, 14, 7, 7]
    /// The answer to a PING of our own: flag 1.
    static let answer: [UInt8] = [0, 0, 8, 6, 1, 0, 0, 0, 0, 2, 4, 16, 16, 9, 14, 7, 7]
    /// DATA on stream 1 whose payload looks like a PING.
    static let data: [UInt8] = [0, 0, 17, 0, 1, 0, 0, 0, 1] + ping

    /// What goes on and what is answered when the bytes come in pieces of this size.
    static func read(_ bytes: [UInt8], pieces: Int) -> (forwarded: [UInt8], pings: [UInt64]) {
        var filter = PingFilter()
        var forwarded: [UInt8] = []
        var pings: [UInt64] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            let piece = bytes[start..<min(start + pieces, bytes.count)]
            filter.read(
                ByteBuffer(bytes: piece), forward: { forwarded += $0.readableBytesView }, ping: { pings.append($0) })
        }
        return (forwarded, pings)
    }

    @Test(arguments: 1...64)
    func pingsAreTakenOutWhereverTheBytesAreCut(pieces: Int) {
        let (settings, ping, answer, data) = (Self.settings, Self.ping, Self.answer, Self.data)
        let (forwarded, pings) = Self.read(
            settings + ping + data + ping + ping + answer + data + settings + ping, pieces: pieces)
        #expect(forwarded == settings + data + answer + data + settings)
        #expect(pings == Array(repeating: 0x0204_1010_090e_0707, count: 4))
    }

    @Test func whatIsNotAProperPingIsLeftToOthers() {
        let short: [UInt8] = [0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]
        let onAStream: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8]
        for bytes in [short, onAStream, Self.answer] {
            let (forwarded, pings) = Self.read(bytes, pieces: 5)
            #expect(forwarded == bytes)
            #expect(pings.isEmpty)
        }
        // The reserved bit of the stream id is ignored (RFC 9113, section 4.1), and so are unknown flags.
        let reserved: [UInt8] = [0, 0, 8, 6, 0xfe, 0x80, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        #expect(Self.read(reserved, pieces: 5).pings == [0x0102_0304_0506_0708])
    }

    @Test func allIsForwardedButAnUnfinishedStart() {
        // A header that announces 16 MiB: whatever comes is forwarded at once.
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1] + Array(repeating: 6, count: 1000)
        #expect(Self.read(huge, pieces: 7).forwarded == huge)
        // Sixteen bytes of a PING wait for the seventeenth.
        #expect(Self.read(Array(Self.ping.dropLast()), pieces: 100).forwarded.isEmpty)
    }

    @Test func anAnswerIsThePingWithItsFlagSet() {
        let bytes = PingFilter.answer(0x0204_1010_090e_0707, from: ByteBufferAllocator())
        #expect(Array(bytes.readableBytesView) == Self.answer)
    }
}
