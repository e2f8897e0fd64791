import Glibc
import LinuxSystem

/// Packets that no honest pod sends.
public enum ProbeForgery {
    /// Sends a datagram that says to be from any address.
    public static func send(
        in namespace: Namespace, from source: String, to destination: String, port: UInt16 = 4242
    ) throws(TestbedError) {
        guard let from = ProbeAddress(source, port: 0), let to = ProbeAddress(destination, port: 0),
            from.family == to.family
        else { throw TestbedError("forge a datagram from \(source) to \(destination): no addresses of one family") }
        let datagram = UDPDatagram(source: from.address, destination: to.address, port: port)
        try send(datagram.packet, to: to, transport: Int32(IPPROTO_RAW), in: namespace)
    }

    /// Sends a router advertisement (RFC 4861) to everybody on the link.
    public static func advertiseRouter(in namespace: Namespace) throws(TestbedError) {
        guard let everybody = ProbeAddress("ff02::1", port: 0) else { return }
        let advertisement: [UInt8] = [134, 0, 0, 0, 64, 0, 7, 8] + [UInt8](repeating: 0, count: 8)
        try send(advertisement, to: everybody, transport: Int32(IPPROTO_ICMPV6), in: namespace)
    }

    private static func send(
        _ packet: [UInt8], to address: ProbeAddress, transport: Int32, in namespace: Namespace
    ) throws(TestbedError) {
        try TestbedError.converting { () throws(SystemError) in
            let site = try NetworkNamespace.open(namespace.path)
            let socket = try NetworkNamespace.perform(in: site.rawValue) { () throws(SystemError) in
                try ProbeSocket(address.family, SOCK_RAW, transport)
            }
            let refusal = socket.send(packet, to: address)
            guard refusal == 0 else {
                throw SystemError(
                    operation: "send a forged packet in", subject: namespace.name, errno: Errno(rawValue: refusal))
            }
        }
    }
}

/// A datagram with the header of IP before it.
private struct UDPDatagram {
    let source: [UInt8]
    let destination: [UInt8]
    let port: UInt16

    private var words: [UInt8] { Array("romana forgery".utf8) }

    /// The whole packet; of IPv4's header the kernel fills in the rest.
    var packet: [UInt8] {
        let length = UInt8(8 + words.count)
        var datagram = [0x10, 0x92, UInt8(port >> 8), UInt8(port & 255), 0, length, 0, 0] + words
        let sum = checksum(source + destination + [0, 17, 0, length] + datagram)
        datagram[6] = UInt8(sum >> 8)
        datagram[7] = UInt8(sum & 255)
        guard source.count == 4 else {
            return [0x60, 0, 0, 0, 0, length, 17, 64] + source + destination + datagram
        }
        return [0x45, 0, 0, 20 + length, 0, 0, 0, 0, 64, 17, 0, 0] + source + destination + datagram
    }

    private func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return ~UInt16(sum)
    }
}
