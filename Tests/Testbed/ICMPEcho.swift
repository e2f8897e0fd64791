import Glibc

/// Echo requests and replies, as raw sockets see them.
enum ICMPEcho {
    /// A request that carries some bytes; for IPv6 the kernel fills in the checksum.
    static func request(_ family: Int32, _ bytes: [UInt8]) -> [UInt8] {
        var packet: [UInt8] = [family == AF_INET ? 8 : 128, 0, 0, 0, 0, 1, 0, 1] + bytes
        guard family == AF_INET else { return packet }
        var sum: UInt32 = 0
        for index in packet.indices { sum += UInt32(packet[index]) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        packet[2] = UInt8(~sum >> 8 & 0xff)
        packet[3] = UInt8(~sum & 0xff)
        return packet
    }

    /// Whether what a raw socket gave is a reply; IPv4's has its IP header.
    static func isReply(_ packet: [UInt8], _ family: Int32) -> Bool {
        family == AF_INET ? packet.count > 20 && packet[20] == 0 : packet.first == 129
    }
}
