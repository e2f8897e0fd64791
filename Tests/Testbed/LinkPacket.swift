import Glibc
import LinuxSystem

/// A packet put on a link as it is, whatever the namespace's own addresses and routes say: by AF_PACKET.
public struct LinkPacket: Sendable, Hashable {
    private let source: ProbeAddress
    private let destination: ProbeAddress
    private let transport: UInt8
    private let hopLimit: UInt8
    private let payload: [UInt8]

    private init(
        from source: String, to destination: String, _ transport: Int32, hopLimit: UInt8,
        _ payload: (_ sum: (_ bytes: [UInt8]) -> [UInt8]) -> [UInt8]
    ) throws(TestbedError) {
        guard let from = ProbeAddress(source, port: 0), let to = ProbeAddress(destination, port: 0),
            from.family == to.family
        else { throw TestbedError("a packet from \(source) to \(destination): these are no addresses of one family") }
        self.source = from
        self.destination = to
        self.transport = UInt8(transport)
        self.hopLimit = hopLimit
        // The header that checksums take in besides (RFC 768, RFC 8200 section 8.1).
        self.payload = payload { bytes in
            Self.checksum(from.address + to.address + [0, UInt8(transport)] + Self.octets(bytes.count) + bytes)
        }
    }

    /// A datagram.
    public static func datagram(
        from source: String, to destination: String, port: UInt16 = 4242
    ) throws(TestbedError) -> LinkPacket {
        try LinkPacket(from: source, to: destination, Int32(IPPROTO_UDP), hopLimit: 64) { sum in
            let words = Array("romana link packet".utf8)
            let head = octets(4242) + octets(Int(port)) + octets(8 + words.count)
            return head + sum(head + [0, 0] + words) + words
        }
    }

    /// A message of ICMPv6, with what follows its checksum.
    public static func icmpv6(
        _ type: UInt8, from source: String, to destination: String, _ rest: [UInt8]
    ) throws(TestbedError) -> LinkPacket {
        try LinkPacket(from: source, to: destination, Int32(IPPROTO_ICMPV6), hopLimit: 255) { sum in
            [type, 0] + sum([type, 0, 0, 0] + rest) + rest
        }
    }

    /// Puts it on a link of a namespace, for the hardware address of whoever is at the other end.
    public func send(on link: String, of namespace: Namespace, to hardware: String) throws(TestbedError) {
        let octets = hardware.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        guard octets.count == 6 else { throw TestbedError("\(hardware) is no hardware address") }
        let packet = bytes
        let protocolNumber: UInt16 = source.family == AF_INET ? 0x0800 : 0x86dd
        try TestbedError.converting { () throws(SystemError) in
            let site = try NetworkNamespace.open(namespace.path)
            try NetworkNamespace.perform(in: site.rawValue) { () throws(SystemError) in
                let socket = try ProbeSocket(AF_PACKET, SOCK_DGRAM, 0)
                let refusal = socket.send(packet, link: if_nametoindex(link), protocolNumber, to: octets)
                guard refusal == 0 else {
                    throw SystemError(
                        operation: "send a packet on", subject: "\(namespace.name) \(link)",
                        errno: Errno(rawValue: refusal))
                }
            }
        }
    }

    private var bytes: [UInt8] {
        guard source.family == AF_INET else {
            return [0x60, 0, 0, 0] + Self.octets(payload.count) + [transport, hopLimit] + source.address
                + destination.address + payload
        }
        var header: [UInt8] = [0x45, 0] + Self.octets(20 + payload.count) + [0, 0, 0, 0, hopLimit, transport, 0, 0]
        header += source.address + destination.address
        header.replaceSubrange(10..<12, with: Self.checksum(header))
        return header + payload
    }

    private static func octets(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var sum = 0
        for (index, byte) in bytes.enumerated() { sum += Int(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return octets(sum == 0xffff ? sum : ~sum & 0xffff)
    }
}
