import Glibc
import LinuxSystem
import Synchronization

/// Datagrams and echo requests that are sent to many addresses, round and round, until it is stopped.
public final class ProbeFlood: Sendable {
    private struct State {
        var isStopped = false
        var sent = 0
    }
    private let state = Mutex(State())

    private init() {}

    /// Begins to send from a namespace.
    ///
    /// - Parameters:
    ///   - port: where the datagrams go to.
    ///   - rate: how many packets a second, all addresses together.
    public static func start(
        from namespace: String, to addresses: [String], port: UInt16, rate: Int
    ) throws(TestbedError) -> ProbeFlood {
        let flood = ProbeFlood()
        var targets: [ProbeAddress] = []
        for text in addresses {
            guard let address = ProbeAddress(text, port: port) else {
                throw TestbedError("flood \(text): that is no address")
            }
            targets.append(address)
        }
        try TestbedError.converting { [targets] () throws(SystemError) in
            let site = try NetworkNamespace.open(namespace).release()
            _ = try NamedThread.start(name: "flood") {
                let site = FileDescriptor(owning: site)
                do throws(SystemError) {
                    try NetworkNamespace.enter(site.rawValue)
                    try flood.send(to: targets, rate: rate)
                } catch {
                    StandardError.print("flood: \(error)")
                    abort()
                }
            }
        }
        return flood
    }

    /// Stops it.
    /// - Returns: how many packets were sent.
    @discardableResult
    public func stop() -> Int {
        state.withLock { state in
            state.isStopped = true
            return state.sent
        }
    }

    /// How many packets were sent so far.
    public var sent: Int { state.withLock { $0.sent } }

    private func send(to targets: [ProbeAddress], rate: Int) throws(SystemError) {
        let word = Array("romana flood".utf8)
        let datagrams = [
            AF_INET: try ProbeSocket(AF_INET, SOCK_DGRAM), AF_INET6: try ProbeSocket(AF_INET6, SOCK_DGRAM),
        ]
        let echoes = [
            AF_INET: try ProbeSocket(AF_INET, SOCK_RAW, Int32(IPPROTO_ICMP)),
            AF_INET6: try ProbeSocket(AF_INET6, SOCK_RAW, Int32(IPPROTO_ICMPV6)),
        ]
        let requests = [AF_INET: ICMPEcho.request(AF_INET, word), AF_INET6: ICMPEcho.request(AF_INET6, word)]
        let raw = targets.map(\.withoutPort)
        let start = ContinuousClock.now
        var sent = 0
        var round = 0
        while !state.withLock({
            $0.sent = sent; return $0.isStopped
        }) {
            // Three datagrams, then an echo request.
            for (index, target) in targets.enumerated() {
                if (round + index) % 4 == 3 {
                    echoes[target.family]?.send(requests[target.family] ?? [], to: raw[index])
                } else {
                    datagrams[target.family]?.send(word, to: target)
                }
                sent += 1
                if sent % 64 == 0 { Self.pause(until: start + .seconds(1) * (Double(sent) / Double(rate))) }
            }
            round += 1
        }
    }

    private static func pause(until instant: ContinuousClock.Instant) {
        let left = ContinuousClock.now.duration(to: instant).components
        guard left.seconds >= 0, left.attoseconds > 0 else { return }
        usleep(UInt32(clamping: left.seconds * 1_000_000 + left.attoseconds / 1_000_000_000_000))
    }
}
