/// The two packets that begin an association (RFC 9260), made and read by hand: a kernel may have no SCTP, and carries and
/// filters it all the same.
struct SCTPPacket: Sendable, Hashable {
    /// What a packet says.
    enum Chunk: UInt8, Sendable {
        /// Asks for an association.
        case initiation = 1
        /// Agrees to it.
        case acknowledgement = 2
    }

    var source: UInt16
    var destination: UInt16
    var chunk: Chunk
    /// The tag that the receiver of an acknowledgement knows the association by; 0 in an initiation.
    var verification: UInt32
    /// The tag that the sender wants to be answered with.
    var tag: UInt32
    /// What an acknowledgement carries as its cookie.
    var cookie: [UInt8] = []

    init(_ chunk: Chunk, from source: UInt16, to destination: UInt16, verification: UInt32 = 0, tag: UInt32) {
        self.chunk = chunk
        self.source = source
        self.destination = destination
        self.verification = verification
        self.tag = tag
    }

    /// Reads what a raw socket gave; IPv4's has its IP header.
    init?(_ bytes: [UInt8], isIPv4: Bool) {
        let start = isIPv4 ? Int(bytes.first ?? 0) % 16 * 4 : 0
        let packet = Array(bytes.dropFirst(start))
        guard packet.count >= 32, let chunk = Chunk(rawValue: packet[12]) else { return nil }
        func number(_ offset: Int, _ count: Int) -> UInt32 {
            packet[offset..<offset + count].reduce(0) { $0 << 8 | UInt32($1) }
        }
        self.init(
            chunk, from: UInt16(number(0, 2)), to: UInt16(number(2, 2)), verification: number(4, 4), tag: number(16, 4))
        guard packet.count > 36, number(32, 2) == 7 else { return }
        cookie = Array(packet[36...].prefix(max(0, Int(number(34, 2)) - 4)))
    }

    /// The answer to an initiation.
    func acknowledged(cookie: [UInt8]) -> SCTPPacket {
        var answer = SCTPPacket(.acknowledgement, from: destination, to: source, verification: tag, tag: ~tag)
        answer.cookie = cookie
        return answer
    }

    /// The packet without an IP header.
    var bytes: [UInt8] {
        func octets(_ number: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * (count - 1 - $0))) }
        }
        var parameter: [UInt8] = []
        if chunk == .acknowledgement {
            parameter = octets(7, 2) + octets(UInt32(cookie.count + 4), 2) + cookie
            parameter += [UInt8](repeating: 0, count: (4 - parameter.count % 4) % 4)
        }
        var packet = octets(UInt32(source), 2) + octets(UInt32(destination), 2) + octets(verification, 4)
        packet += [0, 0, 0, 0]
        packet += [chunk.rawValue, 0] + octets(UInt32(20 + parameter.count), 2) + octets(tag, 4)
        // Room to receive, streams each way, and the first sequence number.
        packet += octets(65_536, 4) + octets(1, 2) + octets(1, 2) + octets(tag, 4) + parameter
        // The only number of SCTP that is written from its low end.
        packet.replaceSubrange(8..<12, with: octets(Self.checksum(packet), 4).reversed())
        return packet
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82f6_3b78 }
    }

    /// CRC-32C.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xff)] ^ $0 >> 8 }
    }
}
