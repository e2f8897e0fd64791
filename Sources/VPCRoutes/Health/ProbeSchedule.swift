/// Who is asked when, and whose answer is overdue.
///
/// Every subject is asked once an interval, and once more at once when its first answer is missing. Subjects are spread
/// over the interval, so that a thousand of them are no burst.
public struct ProbeSchedule: Sendable {
    /// A moment.
    public typealias Instant = ContinuousClock.Instant

    private struct Entry: Sendable {
        var subject: ProbeSubject
        var at: Instant
    }

    private struct State: Sendable {
        /// When it is asked next.
        var due: Instant
        /// When it was asked last, while the answer is missing.
        var asked: Instant?
        /// Answers that were missing in a row.
        var misses = 0
    }

    private let interval: Duration
    private let patience: Duration
    private var states: [ProbeSubject: State] = [:]
    /// In order of time, since all wait equally long; entries that do not agree with the states are passed over.
    private var due: [Entry] = []
    private var asked: [Entry] = []

    /// A schedule for nobody.
    ///
    /// - Parameters:
    ///   - interval: between two questions.
    ///   - patience: how long an answer may take.
    public init(interval: Duration, patience: Duration) {
        self.interval = interval
        self.patience = patience
    }

    /// Who is asked from now on: those that are new all within an interval, the others as before.
    public mutating func setSubjects(_ all: Set<ProbeSubject>, at now: Instant) {
        states = states.filter { all.contains($0.key) }
        let new = all.filter { states[$0] == nil }
        guard !new.isEmpty || due.contains(where: { states[$0.subject] == nil }) else { return }
        for (index, subject) in new.enumerated() {
            states[subject] = State(due: now + interval * index / new.count)
        }
        due = states.map { Entry(subject: $0.key, at: $0.value.due) }.sorted { $0.at < $1.at }
    }

    /// Those who are to be asked now.
    public mutating func take(at now: Instant) -> [ProbeSubject] {
        var taken: [ProbeSubject] = []
        var passed = 0
        for entry in due {
            guard entry.at <= now else { break }
            passed += 1
            guard states[entry.subject]?.due == entry.at else { continue }
            taken.append(entry.subject)
        }
        due.removeFirst(passed)
        for subject in taken { ask(subject, at: now) }
        return taken
    }

    /// Takes in that one has answered; gives when it was asked, nil where nothing is asked of it any more.
    @discardableResult public mutating func heard(_ subject: ProbeSubject) -> Instant? {
        let asked = states[subject]?.asked
        states[subject]?.asked = nil
        states[subject]?.misses = 0
        return asked
    }

    /// Those whose answer has not come in time, and those of them who are to be asked again at once.
    public mutating func expire(at now: Instant) -> (missed: [ProbeSubject], again: [ProbeSubject]) {
        var missed: [ProbeSubject] = []
        var again: [ProbeSubject] = []
        var passed = 0
        for entry in asked {
            guard entry.at + patience <= now else { break }
            passed += 1
            guard states[entry.subject]?.asked == entry.at else { continue }
            states[entry.subject]?.asked = nil
            states[entry.subject]?.misses += 1
            missed.append(entry.subject)
            if states[entry.subject]?.misses == 1 { again.append(entry.subject) }
        }
        asked.removeFirst(passed)
        for subject in again { ask(subject, at: now) }
        return (missed, again)
    }

    /// When there is something to do next; nil while there is nobody to ask.
    public var next: Instant? {
        [due.first?.at, asked.first.map { $0.at + patience }].compactMap { $0 }.min()
    }

    private mutating func ask(_ subject: ProbeSubject, at now: Instant) {
        guard let state = states[subject] else { return }
        // A second question at once takes the place of the next regular one, whose turn does not move.
        var next = state.due
        while next <= now { next = next + interval }
        states[subject]?.due = next
        states[subject]?.asked = now
        asked.append(Entry(subject: subject, at: now))
        if next != state.due { insert(Entry(subject: subject, at: next)) }
    }

    private mutating func insert(_ entry: Entry) {
        // Mostly the last of all.
        var index = due.endIndex
        while index > due.startIndex, due[index - 1].at > entry.at { index -= 1 }
        due.insert(entry, at: index)
    }
}
