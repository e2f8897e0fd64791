import Glibc
import LinuxSystem

/// Hears what a network namespace tells a group of NFLOG: packets of rules that log, with the rule's own words.
public final class DropLog: Sendable {
    private let file: FileDescriptor

    /// Numbers of nfnetlink_log: the subsystem with its two messages, and attributes of each.
    private enum Wire {
        static let netfilter: Int32 = 12
        static let packet: UInt16 = 4 << 8
        static let configuration: UInt16 = 4 << 8 | 1
        static let command: UInt16 = 1
        static let threshold: UInt16 = 5
        static let prefix: UInt16 = 10
        static let headerBytes = 16 + 4
    }

    /// Binds the group in the namespace that a path stands for; only one listener can.
    public init(group: UInt16, in namespace: String) throws(TestbedError) {
        file = try TestbedError.converting { () throws(SystemError) in
            let site = try NetworkNamespace.open(namespace)
            return try NetworkNamespace.perform(in: site.rawValue) { () throws(SystemError) in
                let number = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), Wire.netfilter)
                guard number >= 0 else { throw ProbeSocket.error("make a socket of", "netfilter") }
                return FileDescriptor(owning: number)
            }
        }
        // NFULNL_CFG_CMD_BIND, and every packet at once.
        try configure(group, Wire.command, [1])
        try configure(group, Wire.threshold, [0, 0, 0, 1])
    }

    /// What the rules said of the packets that were logged since this was asked last.
    public func prefixes() -> [String] {
        var prefixes: [String] = []
        while let message = receive() {
            var rest = message[...]
            while rest.count >= Wire.headerBytes {
                let length = Int(Self.number(rest, 0, as: UInt32.self))
                guard length >= Wire.headerBytes, length <= rest.count else { break }
                if Self.number(rest, 4) == Wire.packet { prefixes += Self.prefix(in: rest.prefix(length)) }
                rest = rest.dropFirst((length + 3) & ~3)
            }
        }
        return prefixes
    }

    private static func prefix(in packet: ArraySlice<UInt8>) -> [String] {
        var attributes = packet.dropFirst(Wire.headerBytes)
        while attributes.count >= 4 {
            let length = Int(number(attributes, 0))
            guard length >= 4, length <= attributes.count else { break }
            if number(attributes, 2) == Wire.prefix {
                return [String(decoding: attributes.prefix(length).dropFirst(4).prefix { $0 != 0 }, as: UTF8.self)]
            }
            attributes = attributes.dropFirst((length + 3) & ~3)
        }
        return []
    }

    /// Sends one attribute for the group and waits for the kernel's answer.
    private func configure(_ group: UInt16, _ attribute: UInt16, _ value: [UInt8]) throws(TestbedError) {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        let length = UInt32(Wire.headerBytes + 4 + value.count + padding.count)
        // struct nlmsghdr with NLM_F_REQUEST and NLM_F_ACK, struct nfgenmsg with the group, struct nlattr.
        var message = Self.bytes(length) + Self.bytes(Wire.configuration) + Self.bytes(UInt16(5))
        message += Self.bytes(UInt32(1)) + Self.bytes(UInt32(0)) + [0, 0] + Self.bytes(group.bigEndian)
        message += Self.bytes(UInt16(4 + value.count)) + Self.bytes(attribute) + value + padding
        let sent = message.withUnsafeBytes { send(file.rawValue, $0.baseAddress, $0.count, 0) }
        guard sent == message.count, let answer = receive(waits: true), answer.count >= 20 else {
            throw TestbedError("bind group \(group) of NFLOG: \(ProbeSocket.error("talk to", "netfilter"))")
        }
        let refusal = Self.number(answer[...], 16, as: Int32.self)
        guard refusal == 0 else {
            throw TestbedError("bind group \(group) of NFLOG: \(Errno(rawValue: -refusal))")
        }
    }

    private func receive(waits: Bool = false) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = bytes.withUnsafeMutableBytes {
            recv(file.rawValue, $0.baseAddress, $0.count, waits ? 0 : Int32(MSG_DONTWAIT))
        }
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value, Array.init) }

    /// A number in this machine's order.
    private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: ArraySlice<UInt8>, _ offset: Int, as type: Number.Type = UInt16.self
    ) -> Number {
        bytes.dropFirst(offset).withUnsafeBytes { $0.loadUnaligned(as: type) }
    }
}
