import Addresses
import LinuxSystem
import VPCRoutes

/// What a prober has under way: pings that were sent, connections that are being opened.
///
/// Of one thread. A ping that cannot be sent counts as one that is not answered.
struct ProbeRound: ~Copyable {
    private var schedules: [ProbeSubject.Check: ProbeSchedule]
    private var four: EchoSocket?
    private var six: EchoSocket?
    /// By address, since a reply says no more.
    private var pinged: [[UInt8]: ProbeSubject] = [:]
    private var attempts: [UInt64: Attempt] = [:]
    private var tokens: [ProbeSubject: UInt64] = [:]
    private var nextToken: UInt64 = 16
    private var sequence: UInt16 = 0
    /// The number of the last ping of each, so that a late reply is not taken for one to a later ping.
    private var sequences: [ProbeSubject: UInt16] = [:]
    private let identifier = UInt16.random(in: 1...(.max))
    /// What our pings carry, so that nobody else's are taken for ours.
    private let cookie = (0..<16).map { _ in UInt8.random(in: 0...(.max)) }

    /// A connection that is being opened.
    private final class Attempt {
        let subject: ProbeSubject
        let attempt: TCPAttempt

        init(_ subject: ProbeSubject, _ attempt: consuming TCPAttempt) {
            self.subject = subject
            self.attempt = attempt
        }
    }

    init(_ checks: [VPCRouterSettings.Check]) {
        schedules = Dictionary(
            checks.map { ($0.kind, ProbeSchedule(interval: $0.interval, patience: $0.patience)) },
            uniquingKeysWith: { $1 })
    }

    /// Opens what pings take, where there are any; a kernel without IPv6 has none of it.
    mutating func open(_ epoll: borrowing Epoll) throws(SystemError) {
        guard schedules[.echo] != nil else { return }
        let socket = try EchoSocket(isVersion6: false)
        try epoll.add(socket.rawValue, token: 4)
        four = consume socket
        guard let socket = try? EchoSocket(isVersion6: true) else { return }
        try epoll.add(socket.rawValue, token: 6)
        six = consume socket
    }

    /// Who is asked from now on.
    mutating func setSubjects(_ all: Set<ProbeSubject>, at now: ContinuousClock.Instant) {
        for check in Array(schedules.keys) {
            schedules[check]?.setSubjects(all.filter { $0.check == check }, at: now)
        }
        pinged = Dictionary(
            all.filter { $0.check == .echo }.map { ($0.address.bytes, $0) }, uniquingKeysWith: { $1 })
        sequences = sequences.filter { all.contains($0.key) }
    }

    /// Asks those whose turn it is; gives those whose answer is overdue.
    mutating func ask(_ epoll: borrowing Epoll, at now: ContinuousClock.Instant) -> [ProbeSubject] {
        var all: [ProbeSubject] = []
        for check in Array(schedules.keys) {
            let (missed, again) = schedules[check]?.expire(at: now) ?? ([], [])
            let due = schedules[check]?.take(at: now) ?? []
            for subject in missed { close(subject, epoll) }
            for subject in again + due { send(subject, epoll) }
            all += missed
        }
        return all
    }

    /// Takes in what has come; gives what was answered.
    mutating func listen(_ epoll: borrowing Epoll, _ ready: [Epoll.Event]) -> [ProbeAnswer] {
        var answered: [ProbeAnswer] = []
        for event in ready {
            switch event.token {
            case 4: answered += replies(true)
            case 6: answered += replies(false)
            default:
                guard let attempt = attempts[event.token] else { continue }
                if attempt.attempt.isConnected { answered.append(heard(attempt.subject, isLate: false)) }
                close(attempt.subject, epoll)
            }
        }
        return answered
    }

    private mutating func heard(_ subject: ProbeSubject, isLate: Bool) -> ProbeAnswer {
        let asked = schedules[subject.check]?.heard(subject)
        return ProbeAnswer(subject, asked: isLate ? nil : asked)
    }

    /// How long nothing has to be done, in milliseconds; -1 while there is nobody to ask.
    func pause(at now: ContinuousClock.Instant) -> Int32 {
        guard let next = schedules.values.compactMap(\.next).min() else { return -1 }
        let (seconds, attoseconds) = now.duration(to: next).components
        return Int32(clamping: max(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1, 0))
    }

    private mutating func replies(_ isVersion4: Bool) -> [ProbeAnswer] {
        var answers: [ProbeAnswer] = []
        // Errors of a socket are told once by reading it and say nothing of any host.
        while let reply = isVersion4 ? try? four?.receive() : try? six?.receive() {
            guard reply.identifier == identifier, reply.payload == cookie else { continue }
            guard let subject = pinged[reply.address] else { continue }
            answers.append(heard(subject, isLate: reply.sequence != sequences[subject]))
        }
        return answers
    }

    private mutating func send(_ subject: ProbeSubject, _ epoll: borrowing Epoll) {
        switch subject.check {
        case .echo:
            sequence &+= 1
            sequences[subject] = sequence
            let bytes = subject.address.bytes
            if subject.family == .ipv4 {
                try? four?.send(to: bytes, identifier: identifier, sequence: sequence, payload: cookie)
            } else {
                try? six?.send(to: bytes, identifier: identifier, sequence: sequence, payload: cookie)
            }
        case .tcp(let port):
            close(subject, epoll)
            guard let attempt = try? TCPAttempt(to: subject.address.bytes, port: port) else { return }
            let token = nextToken
            guard (try? epoll.add(attempt.rawValue, .writable, token: token)) != nil else { return }
            nextToken += 1
            attempts[token] = Attempt(subject, attempt)
            tokens[subject] = token
        }
    }

    private mutating func close(_ subject: ProbeSubject, _ epoll: borrowing Epoll) {
        guard let token = tokens.removeValue(forKey: subject), let attempt = attempts.removeValue(forKey: token)
        else { return }
        try? epoll.remove(attempt.attempt.rawValue)
    }
}
