import Addresses
import LinuxSystem
import Testing

@testable import Netlink

@Suite struct RequestBufferTests {
    @Test func onlyTheLastRequestAsksForAnAnswer() throws {
        let buffer = try RequestBuffer()
        for index in 1...3 { try NetworkOperation.deleteLink(index: UInt32(index)).encode(into: buffer, owner: index) }
        let flags = ReplyList(buffer.bytes()).map(\.flags)
        #expect(flags == [0x01, 0x01, 0x05])
        #expect(ReplyList(buffer.bytes()).map(\.sequence) == [1, 2, 3])
        #expect(buffer.owner(of: 2)?.index == 2)
        #expect(buffer.owner(of: 4) == nil)
        #expect(buffer.owner(of: 0) == nil)
        #expect(buffer.lastSequence == 3)
    }

    @Test func sequenceNumbersGoOnAfterAReset() throws {
        let buffer = try RequestBuffer()
        try NetworkOperation.deleteLink(index: 1).encode(into: buffer, owner: 0)
        buffer.reset()
        #expect(buffer.isEmpty)
        try NetworkOperation.deleteLink(index: 1).encode(into: buffer, owner: 0)
        #expect(ReplyList(buffer.bytes()).map(\.sequence) == [2])
        #expect(buffer.owner(of: 1) == nil)
    }

    @Test func isFullBeforeAnOperationMightNotFit() throws {
        let buffer = try RequestBuffer()
        var count = 0
        let change = LinkChange(index: 1, alias: String(repeating: "a", count: 255), addressGeneration: .eui64)
        while !buffer.isFull {
            try NetworkOperation.setLink(change).encode(into: buffer, owner: count)
            count += 1
        }
        #expect(buffer.bytes().count <= RequestBuffer.limit)
        #expect(ReplyList(buffer.bytes()).reduce(0) { count, _ in count + 1 } == 2 * count)
    }
}

@Suite struct ReplyTests {
    @Test func refusalCarriesTheKernelsWords() throws {
        let bytes = hex(
            """
            40 00 00 00  02 00 00 03  07 00 00 00  00 00 00 00  # 64 bytes, NLMSG_ERROR, CAPPED ACK_TLVS, 7
            9b ff ff ff                                         # -101, ENETUNREACH
            34 00 00 00  18 00 05 05  07 00 00 00  00 00 00 00  # header of the request
            1c 00 01 00                                         # NLMSGERR_ATTR_MSG
            6e 65 78 74  20 68 6f 70  20 69 73 20  66 61 72 20  # "next hop is far "
            61 77 61 79  2e 2e 2e 00                            # "away..."
            """)
        let text = bytes.withUnsafeBytes { bytes in
            ReplyList(bytes).compactMap { $0.refusal(of: "replace route x") }.map(\.description)
        }
        #expect(text == ["replace route x: network is unreachable (ENETUNREACH); next hop is far away..."])
    }

    @Test func acknowledgementIsNoRefusal() {
        let bytes = hex(
            """
            24 00 00 00  02 00 00 01  07 00 00 00  00 00 00 00  # 36 bytes, NLMSG_ERROR, CAPPED, 7
            00 00 00 00                                         # 0
            34 00 00 00  18 00 05 05  07 00 00 00  00 00 00 00  # header of the request
            """)
        bytes.withUnsafeBytes { bytes in
            #expect(ReplyList(bytes).map { $0.refusal(of: "x") } == [nil])
        }
    }

    @Test func brokenLengthsEndTheList() {
        for bytes in ["08 00 00 00  02 00 00 00", "ff 00 00 00  02 00 00 00  07 00 00 00  00 00 00 00", "24"] {
            hex(bytes).withUnsafeBytes { bytes in
                #expect(Array(ReplyList(bytes)).isEmpty)
            }
        }
    }
}
