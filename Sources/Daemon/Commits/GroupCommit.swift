import Synchronization

/// Gathers requests while a transaction is under way and has the next one serve as many of them as it can, in the order
/// they came.
final class GroupCommit<Ask: Sendable, Answer: Sendable>: Sendable {
    /// What became of a request in one round.
    enum Verdict: Sendable {
        /// It is answered, for good or not.
        case answered(Result<Answer, DaemonError>)
        /// It must be decided anew.
        case open
    }

    private struct Ticket {
        var id: UInt64
        var ask: Ask
        var rounds = 0
    }

    private struct Line {
        var waiting: [Ticket] = []
        var continuations: [UInt64: CheckedContinuation<Result<Answer, DaemonError>, Never>] = [:]
        var nextID: UInt64 = 0
    }

    private let line = Mutex(Line())
    private let bell = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let givenUp: @Sendable (Ask) -> DaemonError

    /// How many requests a round begins with at most.
    private static var widest: Int { 256 }

    /// Gathers nothing yet; `givenUp` is the error of a request that was left open too often.
    init(givenUp: @escaping @Sendable (Ask) -> DaemonError) {
        self.givenUp = givenUp
    }

    /// How many requests wait.
    var count: Int { line.withLock { $0.waiting.count } }

    /// Has a request served; throws what it is refused with, or that the task was cancelled.
    func submit(_ ask: Ask) async throws(DaemonError) -> Answer {
        let id = line.withLock { line in
            line.nextID += 1
            return line.nextID
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = line.withLock { line in
                    if Task.isCancelled { return true }
                    line.continuations[id] = continuation
                    line.waiting.append(Ticket(id: id, ask: ask))
                    return false
                }
                if isCancelled {
                    continuation.resume(returning: .failure(Self.cancelled))
                } else {
                    bell.continuation.yield()
                }
            }
        } onCancel: {
            let continuation = line.withLock { line in
                line.waiting.removeAll { $0.id == id }
                return line.continuations.removeValue(forKey: id)
            }
            continuation?.resume(returning: .failure(Self.cancelled))
        }
        return try result.get()
    }

    /// Serves requests until the task is cancelled.
    ///
    /// `round` is given the first of those that wait and says what becomes of each; those it has no verdict on wait on,
    /// ahead of all others.
    func run(_ round: @Sendable ([Ask]) async -> [Verdict]) async {
        var width = Self.widest
        while !Task.isCancelled {
            let tickets = line.withLock { line in
                let count = min(width, line.waiting.count)
                defer { line.waiting.removeFirst(count) }
                return Array(line.waiting.prefix(count))
            }
            guard !tickets.isEmpty else {
                await ring()
                continue
            }
            let verdicts = await round(tickets.map(\.ask))
            let isOpen = settle(tickets, verdicts)
            // One request that fails over and over must not keep all the others from being served.
            width = isOpen ? max(1, min(width, verdicts.count) / 2) : min(width * 2, Self.widest)
        }
        let left = line.withLock { line in
            defer { line = Line() }
            return line.continuations.values.map { $0 }
        }
        for continuation in left { continuation.resume(returning: .failure(Self.cancelled)) }
    }

    /// Answers what has a verdict, puts the rest back to the front, and says whether a request was left open.
    private func settle(_ tickets: [Ticket], _ verdicts: [Verdict]) -> Bool {
        var open: [Ticket] = []
        var isOpen = false
        for (index, var ticket) in tickets.enumerated() {
            switch index < verdicts.count ? verdicts[index] : nil {
            case .answered(let result)?: answer(ticket.id, result)
            case .open?:
                isOpen = true
                ticket.rounds += 1
                if ticket.rounds < Cluster.attempts {
                    open.append(ticket)
                } else {
                    answer(ticket.id, .failure(givenUp(ticket.ask)))
                }
            case nil: open.append(ticket)
            }
        }
        let back = open
        line.withLock { line in
            line.waiting = back.filter { line.continuations[$0.id] != nil } + line.waiting
        }
        return isOpen
    }

    private func answer(_ id: UInt64, _ result: Result<Answer, DaemonError>) {
        line.withLock { $0.continuations.removeValue(forKey: id) }?.resume(returning: result)
    }

    /// Waits for the next request.
    private func ring() async {
        var iterator = bell.stream.makeAsyncIterator()
        _ = await iterator.next()
    }

    private static var cancelled: DaemonError { DaemonError(.unavailable, "wait for a transaction: given up") }
}
