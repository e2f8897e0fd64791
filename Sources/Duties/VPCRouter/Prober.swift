import Addresses
import LinuxSystem
import Logging
import Synchronization
import VPCRoutes

/// Asks hosts whether they are there, on a thread of its own, and tells what comes of it.
final class Prober: Sendable {
    /// Who has answered, whose answer is missing, and when that was seen.
    typealias Teller = @Sendable (_ answered: [ProbeAnswer], _ missed: [ProbeSubject], ContinuousClock.Instant) -> Void

    private struct State: Sendable {
        var subjects: [ProbeSubject]?
        var isEnding = false
        var problem: String?
        var hasFailed = false
    }

    private let checks: [VPCRouterSettings.Check]
    private let wake: EventCounter
    private let state = Mutex(State())
    private let tell: Teller
    private let logger: Logger

    init(_ checks: [VPCRouterSettings.Check], logger: Logger, tell: @escaping Teller) throws(SystemError) {
        self.checks = checks
        self.logger = logger
        self.tell = tell
        wake = try EventCounter()
    }

    /// What keeps it from asking; nil when nothing does.
    var problem: String? { state.withLock { $0.problem } }

    /// Whether nobody is asked any more.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Who is asked from now on.
    func setSubjects(_ subjects: Set<ProbeSubject>) {
        state.withLock { $0.subjects = Array(subjects) }
        wake.signal()
    }

    /// Ends it soon.
    func end() {
        state.withLock { $0.isEnding = true }
        wake.signal()
    }

    /// Starts the thread.
    func start() throws(SystemError) {
        _ = try NamedThread.start(name: "romana-probe") { [self] in
            do throws(SystemError) {
                try run()
            } catch {
                state.withLock { state in
                    state.problem = "\(error)"
                    state.hasFailed = true
                }
                logger.error("hosts are not asked any more: \(error)")
            }
        }
    }

    private func run() throws(SystemError) {
        let epoll = try Epoll()
        try epoll.add(wake.rawValue, token: 0)
        var round = ProbeRound(checks)
        do throws(SystemError) {
            try round.open(epoll)
        } catch {
            // Without the right to ping, checks of ports go on.
            let words = "ping hosts: \(error); it takes the capability NET_RAW"
            state.withLock { $0.problem = words }
            logger.error("\(words)")
        }
        while true {
            let (subjects, isEnding) = state.withLock { state in
                defer { state.subjects = nil }
                return (state.subjects, state.isEnding)
            }
            if isEnding { return }
            if let subjects { round.setSubjects(Set(subjects), at: .now) }
            try listen(&round, epoll, round.pause(at: .now))
            // What has come by now is read before anything counts as missing now: this thread may have waited for long.
            let now = ContinuousClock.now
            try listen(&round, epoll, 0)
            let missed = round.ask(epoll, at: now)
            if !missed.isEmpty { tell([], missed, now) }
        }
    }

    private func listen(_ round: inout ProbeRound, _ epoll: borrowing Epoll, _ pause: Int32) throws(SystemError) {
        let ready = try epoll.wait(timeoutMilliseconds: pause, capacity: 4096)
        if ready.contains(where: { $0.token == 0 }) { wake.drain() }
        let answered = round.listen(epoll, ready)
        if !answered.isEmpty { tell(answered, [], .now) }
    }
}
