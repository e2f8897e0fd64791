internal import FoundationEssentials
internal import GRPCCore
internal import Logging
internal import Synchronization

/// Runs the one Watch stream of a client, and hands what it brings to those who wait for it.
final class WatchHub: Sendable {
    fileprivate enum Answer {
        case batch(EtcdWatch.Batch)
        case failure(EtcdError)
        case end
    }

    fileprivate struct State {
        var ledger: WatchLedger
        var outbox: AsyncStream<WatchLedger.Request>.Continuation?
        var waiting: [UInt64: CheckedContinuation<Answer, Never>] = [:]
        var isStopped = false
    }

    private let keeper: ConnectionKeeper
    private let timeout: Duration
    private let logger: Logger
    private let state: Mutex<State>

    init(keeper: ConnectionKeeper, timeout: Duration, usesTokens: Bool, logger: Logger) {
        self.keeper = keeper
        self.timeout = timeout
        self.logger = logger
        state = Mutex(State(ledger: WatchLedger(usesTokens: usesTokens)))
    }

    // MARK: - The users' side

    func add(_ range: EtcdRange, from revision: Int64) -> UInt64 {
        state.withLock { state in
            let (number, requests) = state.ledger.add(range, from: revision)
            state.send(requests)
            return number
        }
    }

    func remove(_ number: UInt64) {
        let waiter = state.withLock { state in
            state.send(state.ledger.remove(number))
            return state.waiting.removeValue(forKey: number)
        }
        waiter?.resume(returning: .end)
    }

    func isLive(_ number: UInt64) -> Bool {
        state.withLock { $0.ledger.isLive(number) }
    }

    /// The next changes of a watch; nil once it is over, or the task is cancelled.
    func next(_ number: UInt64) async throws(EtcdError) -> EtcdWatch.Batch? {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answer, older) = state.withLock { state -> (Answer?, CheckedContinuation<Answer, Never>?) in
                    if let answer = state.take(number) { return (answer, nil) }
                    if Task.isCancelled { return (.end, nil) }
                    // Only one may wait; whoever waited before is let go.
                    return (nil, state.waiting.updateValue(continuation, forKey: number))
                }
                older?.resume(returning: .end)
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: .end)
        }
        switch answer {
        case .batch(let batch): return batch
        case .failure(let error): throw error
        case .end: return nil
        }
    }

    // MARK: - The stream's side

    /// Keeps a stream open whenever there is a connection, until the task is cancelled.
    ///
    /// It is open even without a watch, since with it a dead or leaderless member is noticed.
    func run() async {
        var retreat = Retreat()
        while !Task.isCancelled {
            guard let connection = await keeper.next() else {
                // The keeper has given up on those who wait (wrong password), or is about to stop.
                try? await Task.sleep(for: Retreat.first)
                continue
            }
            let began = ContinuousClock.now
            await follow(connection)
            if began.duration(to: .now) > .seconds(1) { retreat.succeeded() }
            retreat.failed()
            try? await Task.sleep(for: retreat.pause(free: connection.isOpen ? 0 : 1))
        }
        let waiting = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiting { waiter.resume(returning: .end) }
    }

    private func follow(_ connection: Connection) async {
        let token = connection.tokens.isUsed ? await connection.tokens.current() : nil
        guard await comparePositions(connection, token) else {
            connection.doubt()
            return
        }
        let (requests, outbox) = AsyncStream.makeStream(of: WatchLedger.Request.self)
        state.withLock { state in
            state.outbox = outbox
            state.send(state.ledger.streamOpened())
        }
        let failure = await connection.stream(Etcdserverpb_Watch.Method.Watch.descriptor, requests, token: token) {
            (response: Etcdserverpb_WatchResponse) in
            if self.receive(response) { throw StaleToken() }
        }
        state.withLock { state in
            state.outbox = nil
            state.ledger.streamClosed()
        }
        outbox.finish()
        guard !Task.isCancelled else { return }
        logger.debug("watch stream ended", metadata: ["why": "\(failure?.message ?? "etcd closed it")"])
        await recover(connection, failure, token)
    }

    /// After a stream's end: another token, another member, or the same again.
    private func recover(_ connection: Connection, _ failure: CallFailure?, _ token: String?) async {
        if failure?.needsNewToken == true {
            try? await connection.tokens.renew(token, on: connection)
        }
        if failure?.isRefusal == true, keeper.hasAlternatives {
            connection.close()
        } else {
            connection.doubt()
        }
    }

    /// Asks the cluster, not the member, where it is, before watches go on from positions of the past.
    private func comparePositions(_ connection: Connection, _ token: String?) async -> Bool {
        guard let range = state.withLock({ $0.ledger.resumed }) else { return true }
        var request = Etcdserverpb_RangeRequest()
        request.key = range.bounds.first
        request.limit = 1
        request.keysOnly = true
        let answer: Result<Etcdserverpb_RangeResponse, CallFailure> = await connection.call(
            Etcdserverpb_KV.Method.Range.descriptor, request, token: token, timeout: timeout)
        switch answer {
        case .success(let response):
            let ready = state.withLock { state in
                let numbers = state.ledger.compare(
                    cluster: response.header.clusterID, revision: response.header.revision)
                return state.takeAnswers(numbers)
            }
            for (waiter, answer) in ready { waiter.resume(returning: answer) }
            return true
        case .failure(let failure):
            // Without permission to read there is none to watch either, which the stream will say.
            return failure.isAnswer
        }
    }

    /// Passes on what the stream brought; true if it needs another token.
    private func receive(_ response: Etcdserverpb_WatchResponse) -> Bool {
        let (ready, needsNewToken) = state.withLock { state in
            let reaction = state.ledger.receive(response)
            state.send(reaction.requests)
            return (state.takeAnswers(reaction.ready), reaction.needsNewToken)
        }
        for (waiter, answer) in ready { waiter.resume(returning: answer) }
        return needsNewToken
    }
}

/// Ends a stream from within: etcd does not accept its token any more.
struct StaleToken: Error {}

extension WatchHub.State {
    fileprivate func send(_ requests: [WatchLedger.Request]) {
        for request in requests { outbox?.yield(request) }
    }

    fileprivate mutating func take(_ number: UInt64) -> WatchHub.Answer? {
        let (batch, failure, isKnown, requests) = ledger.take(number)
        send(requests)
        if let batch { return .batch(batch) }
        if let failure { return .failure(failure) }
        return isKnown && !isStopped ? nil : .end
    }

    /// What there is for those of the watches whose users wait.
    fileprivate mutating func takeAnswers(
        _ numbers: [UInt64]
    ) -> [(CheckedContinuation<WatchHub.Answer, Never>, WatchHub.Answer)] {
        numbers.compactMap { number in
            guard waiting[number] != nil, let answer = take(number),
                let waiter = waiting.removeValue(forKey: number)
            else { return nil }
            return (waiter, answer)
        }
    }
}
