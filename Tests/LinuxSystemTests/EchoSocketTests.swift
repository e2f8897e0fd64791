import Testing

@testable import LinuxSystem

@Suite("Pings")
struct EchoSocketTests {
    @Test("a request of IPv4 carries its checksum, one of IPv6 leaves it to the kernel")
    func requests() {
        // The sum over all words of a right packet is 0xffff (RFC 1071).
        for payload in [[], [1], [1, 2, 3], [UInt8](repeating: 0xff, count: 57)] as [[UInt8]] {
            let packet = EchoSocket.request(isVersion6: false, 0x1234, 0xffff, payload)
            #expect(packet.prefix(2) == [8, 0] && packet.count == 8 + payload.count)
            var sum: UInt32 = 0
            for (index, byte) in packet.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
            while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
            #expect(sum == 0xffff)
        }
        #expect(EchoSocket.request(isVersion6: true, 1, 2, [9]) == [128, 0, 0, 0, 0, 1, 0, 2, 9])
    }

    @Test("a reply is read behind the header of IPv4, whatever options it has")
    func replies() {
        for words in [UInt8(5), 15] {
            let header = [0x40 | words] + [UInt8](repeating: 0, count: Int(words) * 4 - 1)
            let reply = EchoSocket.reply(
                (header + [0, 0, 7, 7, 0x12, 0x34, 0, 9, 1, 2])[...], isVersion6: false, from: [10, 0, 0, 1])
            #expect(reply?.identifier == 0x1234 && reply?.sequence == 9 && reply?.payload == [1, 2])
        }
        let six = EchoSocket.reply([129, 0, 0, 0, 0, 1, 0, 2][...], isVersion6: true, from: [])
        #expect(six?.identifier == 1 && six?.payload == [])
    }

    @Test(
        "what is no reply, or ends in its middle, is none",
        arguments: [[], [0x45], [UInt8](repeating: 0x45, count: 27), [0x4f, 0, 0, 0, 0, 0, 0, 0, 0, 0]])
    func nonsense(bytes: [UInt8]) {
        #expect(EchoSocket.reply(bytes[...], isVersion6: false, from: []) == nil)
        #expect(EchoSocket.reply(bytes[...], isVersion6: true, from: []) == nil)
    }
}
