// Embedded Swift, in which the CNI plugin is built, has no use for it.
#if !hasFeature(Embedded)
import CLinux

/// A raw socket for ICMP echo of one family (`icmp(7)`, `icmp6(7)`): pings of others, of which nothing is seen but
/// replies.
///
/// It never waits. Addresses are their 4 or 16 bytes in network order.
public struct EchoSocket: ~Copyable, Sendable {
    /// An answer to a ping, be it one of ours or of another program in this namespace.
    public struct Reply: Hashable, Sendable {
        /// Who has answered.
        public var address: [UInt8]
        /// The number that the sender of the ping goes by.
        public var identifier: UInt16
        /// The number of the ping.
        public var sequence: UInt16
        /// What the ping carried.
        public var payload: [UInt8]

        /// An answer from its parts.
        public init(address: [UInt8], identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
            self.address = address
            self.identifier = identifier
            self.sequence = sequence
            self.payload = payload
        }
    }

    private let descriptor: FileDescriptor
    private let isVersion6: Bool

    /// Opens a socket.
    ///
    /// Throws EPERM without CAP_NET_RAW, EAFNOSUPPORT where the kernel has no such family.
    public init(isVersion6: Bool) throws(SystemError) {
        let opened = try SystemCall.answer("open raw ICMP socket", isVersion6 ? "IPv6" : "IPv4") {
            romana_echo_open(isVersion6 ? 1 : 0)
        }
        descriptor = FileDescriptor(owning: opened)
        self.isVersion6 = isVersion6
    }

    /// For `Epoll.add`.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Sends a ping.
    ///
    /// Throws ENETUNREACH or EHOSTUNREACH where no route leads there, EAGAIN when the socket is full.
    public func send(
        to address: [UInt8], identifier: UInt16, sequence: UInt16, payload: [UInt8]
    ) throws(SystemError) {
        let packet = Self.request(isVersion6: isVersion6, identifier, sequence, payload)
        try SystemCall.answer("send ping") {
            romana_datagram_send(rawValue, address, address.count, packet, packet.count)
        }
    }

    /// The next reply, or nil when none is there; what is no reply is passed over.
    public func receive() throws(SystemError) -> Reply? {
        var buffer = [UInt8](repeating: 0, count: 1500)
        var address = [UInt8](repeating: 0, count: 16)
        while true {
            let count = try SystemCall.answerUnlessWaiting("receive ping") {
                romana_datagram_receive(rawValue, &buffer, buffer.count, &address)
            }
            guard let count else { return nil }
            let from = isVersion6 ? address : Array(address.prefix(4))
            if let reply = Self.reply(buffer.prefix(count), isVersion6: isVersion6, from: from) { return reply }
        }
    }

    /// A request as it goes onto the wire behind the header of IP; the kernel fills in the checksum of IPv6.
    static func request(
        isVersion6: Bool, _ identifier: UInt16, _ sequence: UInt16, _ payload: [UInt8]
    ) -> [UInt8] {
        var packet: [UInt8] = [isVersion6 ? 128 : 8, 0, 0, 0]
        for number in [identifier, sequence] { packet += [UInt8(number >> 8), UInt8(number & 0xff)] }
        packet += payload
        guard !isVersion6 else { return packet }
        var sum: UInt32 = 0
        for (index, byte) in packet.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        packet[2] = UInt8(~sum >> 8 & 0xff)
        packet[3] = UInt8(~sum & 0xff)
        return packet
    }

    /// A reply as a raw socket gives it, that of IPv4 with the header of IP; nil if it is none.
    static func reply(_ bytes: ArraySlice<UInt8>, isVersion6: Bool, from address: [UInt8]) -> Reply? {
        var packet = bytes
        if !isVersion6 {
            guard let first = packet.first else { return nil }
            packet = packet.dropFirst(Int(first & 0xf) * 4)
        }
        let head = Array(packet.prefix(8))
        guard head.count == 8, head[0] == (isVersion6 ? 129 : 0) else { return nil }
        return Reply(
            address: address, identifier: UInt16(head[4]) << 8 | UInt16(head[5]),
            sequence: UInt16(head[6]) << 8 | UInt16(head[7]), payload: Array(packet.dropFirst(8)))
    }
}
#endif
