import Glibc
import LinuxSystem

/// The near end of a connection that lasts, or of datagrams that keep to their ports.
final class ProbeFlowState {
    let socket: ProbeSocket
    let isStream: Bool
    /// What it is watched by.
    var token: UInt64 = 0
    /// Why it ended; nil while it lives.
    private(set) var end: String?
    private var expected: [UInt8] = []
    private var received: [UInt8] = []
    private(set) var hasEcho = false

    init(_ socket: ProbeSocket, isStream: Bool) {
        self.socket = socket
        self.isStream = isStream
    }

    /// Waits for these bytes from now on, and sends them unless they only are to come.
    func expect(_ word: [UInt8], sends: Bool = true) {
        hasEcho = false
        received = []
        expected = word
        guard sends, end == nil else { return }
        let refusal = socket.send(word)
        if refusal != 0, refusal != EAGAIN { end = Errno(rawValue: refusal).name }
    }

    /// Reads what has arrived.
    func hear() {
        while end == nil {
            switch socket.read() {
            case .nothing: return
            case .end: end = "closed"
            case .failed(let number): end = Errno(rawValue: number).name
            case .bytes(let bytes):
                // A stream brings what was sent before as well, and in pieces.
                received = isStream ? received + bytes : bytes
                if !hasEcho { hasEcho = received.contains(expected) }
            }
        }
    }
}

/// Flows that were all asked at the same time.
struct ProbeExchange {
    let states: [ProbeFlowState]
    let deadline: ContinuousClock.Instant
    let completion: ([ProbeEcho]) -> Void

    /// Whether nothing is waited for any more.
    var isDecided: Bool { states.allSatisfy { $0.hasEcho || $0.end != nil } }

    /// Tells who waits for it.
    func complete() {
        completion(states.map { $0.hasEcho ? .echoed : $0.end.map { .broken($0) } ?? .silent })
    }
}
