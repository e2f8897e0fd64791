public import Addresses

/// How hosts are, told by what they answer and by two witnesses: the lease of their agents and the state of their nodes.
///
/// A host whose answers are missing is down only when another one has answered what it was asked after the first
/// answer was missing, or when a witness speaks against it as well: where everybody falls silent at once it is more
/// likely us. One that has come back is not chosen before others for a while, the longer the oftener it went.
public struct HealthBook: Sendable {
    /// A moment.
    public typealias Instant = ContinuousClock.Instant

    /// How much it takes.
    public struct Settings: Hashable, Sendable {
        /// Missing answers in a row.
        public var misses = 2
        /// How long a host that came back waits, the first time.
        public var holdDown = Duration.seconds(10)
        /// How long it waits at most.
        public var longestHoldDown = Duration.seconds(300)
        /// After how long a host that did not go again is as good as new.
        public var steadiness = Duration.seconds(600)

        /// What is usual.
        public init() {}
    }

    /// How a host is, since when and why.
    public struct Standing: Hashable, Sendable {
        /// How it is.
        public var grade: HealthGrade
        /// Since when; nil if it was never anything else.
        public var since: Instant?
        /// Why, in words.
        public var reason: String
    }

    private struct Record: Sendable {
        var misses = 0
        var firstMiss: Instant?
        /// When it began to answer, or to be silent for good.
        var since: Instant?
        var isUp = false
        var isDown = false
        var heldUntil: Instant?
        var hold: Duration = .zero
    }

    private struct Witness: Sendable {
        var isAlive: Bool?
        var isReady: Bool?
    }

    /// Counts the changes in it that somebody may want to act on.
    public private(set) var changes = 0
    private let settings: Settings
    /// The host that we are on: it hears itself always.
    private let own: String?
    private var records: [String: [ProbeSubject: Record]] = [:]
    /// Those whose answers are missing and who are not down for it.
    private var silent: Set<ProbeSubject> = []
    private var witnesses: [String: Witness] = [:]
    /// When hosts were asked, in a family, what they have answered: the latest, and the latest of any other.
    ///
    /// When the answers were read says little: on a machine that is short of time they may have lain there for long.
    private var heard: [AddressFamily: (last: (String, Instant), other: (String, Instant)?)] = [:]

    /// A book in which nobody is; `own` is the host that it is kept on.
    public init(_ settings: Settings = Settings(), own: String? = nil) {
        self.settings = settings
        self.own = own
    }

    // MARK: - What happens

    /// Who is asked from now on; what was known of others is forgotten.
    public mutating func setSubjects(_ all: Set<ProbeSubject>) {
        var next: [String: [ProbeSubject: Record]] = [:]
        for subject in all { next[subject.host, default: [:]][subject] = records[subject.host]?[subject] ?? Record() }
        records = next
        silent.formIntersection(all)
    }

    /// Takes in that one has answered.
    public mutating func answered(_ answer: ProbeAnswer, at now: Instant) {
        let subject = answer.subject
        guard var record = records[subject.host]?[subject] else { return }
        record.firstMiss = nil
        silent.remove(subject)
        if !record.isUp || record.misses >= settings.misses { changes += 1 }
        record.misses = 0
        if !record.isUp {
            if record.isDown {
                let isAgain = record.heldUntil.map { $0.duration(to: now) < settings.steadiness } ?? false
                record.hold = isAgain ? min(record.hold * 2, settings.longestHoldDown) : settings.holdDown
                record.heldUntil = now + record.hold
            }
            record.since = now
            record.isUp = true
            record.isDown = false
        }
        records[subject.host]?[subject] = record
        if let asked = answer.asked, subject.host != own { note(subject.host, subject.family, asked) }
    }

    /// Takes in that an answer has not come.
    public mutating func missed(_ subject: ProbeSubject, at now: Instant) {
        guard var record = records[subject.host]?[subject] else { return }
        record.misses += 1
        if record.misses == settings.misses { changes += 1 }
        if record.firstMiss == nil { record.firstMiss = now }
        records[subject.host]?[subject] = record
        guard record.misses >= settings.misses, !record.isDown else { return }
        silent.insert(subject)
        judge(subject, at: now)
    }

    /// Takes in whether the lease of a host's agent is there; nil while nobody knows.
    public mutating func setAlive(_ host: String, _ isAlive: Bool?) {
        if witnesses[host]?.isAlive != isAlive { changes += 1 }
        witnesses[host, default: Witness()].isAlive = isAlive
    }

    /// Takes in whether a host's node is ready; nil while nobody knows.
    public mutating func setReady(_ host: String, _ isReady: Bool?) {
        if witnesses[host]?.isReady != isReady { changes += 1 }
        witnesses[host, default: Witness()].isReady = isReady
    }

    /// Forgets what witnesses say of a host.
    public mutating func forget(_ host: String) { witnesses[host] = nil }

    /// Looks again at who is down, after others were heard or witnesses have spoken.
    public mutating func judge(at now: Instant) {
        for subject in silent { judge(subject, at: now) }
    }

    private mutating func judge(_ subject: ProbeSubject, at now: Instant) {
        let missed = records[subject.host]?[subject]?.firstMiss
        guard let missed, isConfirmed(subject, since: missed) else { return }
        changes += 1
        silent.remove(subject)
        records[subject.host]?[subject]?.isDown = true
        records[subject.host]?[subject]?.isUp = false
        records[subject.host]?[subject]?.since = now
    }

    // MARK: - How they are

    /// Whether everybody that is asked has answered or failed to.
    public var isComplete: Bool {
        records.values.allSatisfy { $0.values.allSatisfy { $0.isUp || $0.misses > 0 || $0.isDown } }
    }

    /// The hosts in it.
    public var hosts: [String] { records.keys.sorted() }

    /// How a host is for routes of a family; by what it answers in that family, or in the other if it has no address of it.
    public func standing(_ host: String, _ family: AddressFamily, at now: Instant) -> Standing {
        let all = records[host] ?? [:]
        let own = all.filter { $0.key.family == family }
        let standings = (own.isEmpty ? all : own).map { standing(of: $0.key, $0.value, at: now) }
        return standings.min { ($0.grade, $0.reason) < ($1.grade, $1.reason) }
            ?? Standing(grade: .unknown, since: nil, reason: "it is not asked")
    }

    /// Whether some are silent of whom that is not believed, since nobody else is heard either.
    public func isBlind(_ family: AddressFamily) -> Bool {
        silent.contains { $0.host != own && $0.family == family }
    }

    private func standing(of subject: ProbeSubject, _ record: Record, at now: Instant) -> Standing {
        let silence = "it does not answer \(subject.check.text)"
        if record.isDown { return Standing(grade: .down, since: record.since, reason: silence) }
        if record.misses >= settings.misses {
            return Standing(grade: .unclear, since: record.firstMiss, reason: silence + ", nor does anybody else")
        }
        guard record.isUp else { return Standing(grade: .unknown, since: nil, reason: "it was not asked yet") }
        if let words = complaint(subject.host) {
            return Standing(grade: .questionable, since: record.since, reason: words)
        }
        if let held = record.heldUntil, held > now {
            return Standing(grade: .recovering, since: record.since, reason: "it has come back")
        }
        return Standing(grade: .healthy, since: record.since, reason: "it answers \(subject.check.text)")
    }

    /// What a witness says against a host; nil when none does.
    private func complaint(_ host: String) -> String? {
        let witness = witnesses[host]
        if witness?.isAlive == false { return "its agent's lease is gone" }
        if witness?.isReady == false { return "its node is not ready" }
        return nil
    }

    private func isConfirmed(_ subject: ProbeSubject, since missed: Instant) -> Bool {
        if complaint(subject.host) != nil { return true }
        guard let heard = heard[subject.family] else { return false }
        let other = heard.last.0 == subject.host ? heard.other : heard.last
        return other.map { $0.1 > missed } ?? false
    }

    private mutating func note(_ host: String, _ family: AddressFamily, _ asked: Instant) {
        guard let known = heard[family] else {
            heard[family] = ((host, asked), nil)
            return
        }
        guard asked >= known.last.1 else {
            // Of two that were asked about the same time the second may answer first.
            if known.last.0 != host, known.other.map({ $0.1 < asked }) ?? true {
                heard[family]?.other = (host, asked)
            }
            return
        }
        heard[family] = known.last.0 == host ? ((host, asked), known.other) : ((host, asked), known.last)
    }
}
