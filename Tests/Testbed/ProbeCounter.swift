import Glibc
import LinuxSystem
import Synchronization

/// Counts packets that arrive in a network namespace, on whatever link, whether or not anybody there wants them.
///
/// It may be made before the namespace has a link. What neighbours tell each other (router and neighbour discovery,
/// multicast listeners) does not count.
public final class ProbeCounter: Sendable {
    private struct State: ~Copyable {
        let socket: ProbeSocket
        var count = 0
        var first: [UInt8]?
    }
    private let state: Mutex<State>
    private let senders: [[UInt8]]?

    /// Begins to count what arrives in the namespace that a path stands for.
    ///
    /// - Parameter senders: the only addresses that count; nil for all.
    public init(in namespace: String, from senders: [String]? = nil) throws(TestbedError) {
        self.senders = senders?.compactMap { ProbeAddress($0, port: 0)?.address }
        let everything = Int32(UInt16(0x0003).bigEndian)  // ETH_P_ALL
        let socket = try TestbedError.converting { () throws(SystemError) in
            let site = try NetworkNamespace.open(namespace)
            return try NetworkNamespace.perform(in: site.rawValue) { () throws(SystemError) in
                try ProbeSocket(AF_PACKET, SOCK_DGRAM, everything)
            }
        }
        state = Mutex(State(socket: socket))
    }

    /// How many packets arrived so far; no more than some hundreds are kept between two calls.
    public var count: Int {
        state.withLock { state in
            while let packet = state.socket.readPacket() {
                guard !packet.isOutgoing, counts(packet.bytes) else { continue }
                state.count += 1
                if state.first == nil { state.first = packet.bytes }
            }
            return state.count
        }
    }

    /// The beginning of the first packet that arrived, in hexadecimal; for messages.
    public var first: String {
        state.withLock { state in
            (state.first ?? []).prefix(48).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private func counts(_ packet: [UInt8]) -> Bool {
        guard packet.count >= 20, let version = packet.first.map({ $0 >> 4 }), version == 4 || packet.count >= 40 else {
            return false
        }
        let sender = version == 4 ? packet[12..<16] : packet[8..<24]
        if let senders, !senders.contains(where: { $0[...] == sender }) { return false }
        guard version == 6, packet.count > 40 else { return version == 4 || version == 6 }
        let isMulticast = packet[24] == 0xff
        let isDiscovery = packet[6] == 58 && (133...137).contains(packet[40])
        return !isMulticast && !isDiscovery
    }
}
