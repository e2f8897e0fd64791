internal import GRPCCore
internal import Logging
internal import Synchronization

/// Keeps one connection to one of the members: dials, tests, replaces, backs off.
final class ConnectionKeeper: Sendable {
    fileprivate struct State {
        var connection: Connection?
        var lastError: EtcdError?
        var isStopped = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Connection?, Never>] = [:]
    }

    /// A connection that lasted so long was a good one, and the next attempt is the first again.
    private static let stableAfter = Duration.seconds(5)

    private let configuration: EtcdConfiguration
    private let endpoints: [Result<Endpoint, EtcdError>]
    private let logger: Logger
    private let state = Mutex(State())

    init(_ configuration: EtcdConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        endpoints = configuration.endpoints.shuffled().map { text in
            Result { () throws(EtcdError) in
                try Endpoint(text, secureByDefault: configuration.namesCertificates)
            }
        }
    }

    var hasAlternatives: Bool { endpoints.count > 1 }

    /// The connection in use, if there is one now.
    var current: Connection? { state.withLock { $0.connection } }

    // MARK: - Keeping

    /// Connects, and connects again whenever the connection is lost, until the task is cancelled.
    func run() async {
        var retreat = Retreat()
        var turn = 0
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let wasReady = await serveNext(turn)
            turn = (turn + 1) % max(endpoints.count, 1)
            if wasReady && began.duration(to: .now) > Self.stableAfter {
                retreat.succeeded()
            } else {
                retreat.failed()
            }
            // One fruitless round of all endpoints is made without a pause.
            let pause = retreat.pause(free: endpoints.count)
            if pause > .zero { try? await Task.sleep(for: pause) }
        }
        let waiters = state.withLock { state in
            state.isStopped = true
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    private func serveNext(_ turn: Int) async -> Bool {
        do throws(EtcdError) {
            guard endpoints.indices.contains(turn) else {
                throw EtcdError(code: .invalid, operation: "connect", message: "no endpoints are configured")
            }
            return await serve(try await Connection.open(endpoints[turn].get(), configuration))
        } catch {
            note(error)
            return false
        }
    }

    private func serve(_ connection: Connection) async -> Bool {
        // The introduction ends by itself when the connection does, and then tells why; so nothing is cancelled here.
        async let closed: Void = {
            await connection.run()
            withdraw(connection)
        }()
        let wasReady = await introduce(connection)
        await closed
        withdraw(connection)
        return wasReady
    }

    /// Tests a new connection and hands it out; then tests it again whenever somebody doubts it.
    private func introduce(_ connection: Connection) async -> Bool {
        do throws(EtcdError) {
            try await probe(connection)
            try await connection.tokens.renew(nil, on: connection)
        } catch {
            note(error)
            connection.close()
            return false
        }
        publish(connection)
        for await _ in connection.doubted {
            do throws(EtcdError) {
                try await probe(connection)
            } catch {
                note(error)
                connection.close()
            }
        }
        return true
    }

    /// Asks a member how it is; any answer will do, but that it is not one to work with.
    private func probe(_ connection: Connection) async throws(EtcdError) {
        let answer: Result<Etcdserverpb_StatusResponse, CallFailure> = await connection.call(
            Etcdserverpb_Maintenance.Method.Status.descriptor, Etcdserverpb_StatusRequest(),
            token: await connection.tokens.current(), timeout: configuration.dialTimeout)
        let failure: CallFailure
        switch answer {
        case .success(let status) where status.leader == 0:
            failure = CallFailure(status: .unavailable, message: "etcdserver: no leader", wasSent: true)
        case .success(let status) where status.isLearner:
            failure = CallFailure(status: .unavailable, message: "the member is a learner", wasSent: true)
        case .success:
            return
        case .failure(let error):
            guard !error.isAnswer else { return }
            failure = error
        }
        throw EtcdError(failure, "connect", "", at: connection.endpoint)
    }

    private func publish(_ connection: Connection) {
        logger.info("connected to etcd", metadata: ["endpoint": "\(connection.endpoint)"])
        let waiters = state.withLock { state in
            state.connection = connection
            state.lastError = nil
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(returning: connection) }
    }

    private func withdraw(_ connection: Connection) {
        let wasInUse = state.withLock { state in
            guard state.connection === connection else { return false }
            state.connection = nil
            return true
        }
        if wasInUse, !Task.isCancelled { logger.info("lost etcd", metadata: ["endpoint": "\(connection.endpoint)"]) }
    }

    /// Remembers why there is no connection; who waits for one is told at once if user or password are wrong.
    private func note(_ error: EtcdError) {
        guard !Task.isCancelled else { return }
        let (isNews, waiters) = state.withLock { state in
            let isNews = state.lastError != error
            state.lastError = error
            return (isNews, error.code == .authentication ? state.takeWaiters() : [])
        }
        logger.log(level: isNews ? .warning : .debug, "\(error)")
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    // MARK: - Using

    /// The connection, or the next one, waiting for it until the deadline.
    func connection(
        until deadline: ContinuousClock.Instant, for operation: String, _ key: String
    ) async throws(EtcdError) -> Connection {
        if let connection = current, connection.isOpen { return connection }
        let found = await withTaskGroup(of: Connection?.self) { group in
            group.addTask { await self.next() }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
        if let found { return found }
        if Task.isCancelled {
            throw EtcdError(code: .cancelled, operation: operation, key: key, message: "the task was cancelled")
        }
        throw state.withLock { state in
            if state.isStopped {
                EtcdError(code: .cancelled, operation: operation, key: key, message: "the client has stopped")
            } else if let last = state.lastError {
                EtcdError(
                    code: last.code == .authentication || last.code == .invalid ? last.code : .unavailable,
                    operation: operation, key: key, message: "no connection: \(last.operation): \(last.message)",
                    endpoint: last.endpoint)
            } else {
                EtcdError(code: .unavailable, operation: operation, key: key, message: "no connection yet")
            }
        }
    }

    /// The connection, or the next one; nil once the task is cancelled, the keeper stopped, or told to give up.
    func next() async -> Connection? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Connection?? = state.withLock { state in
                    if let connection = state.connection, connection.isOpen { return .some(connection) }
                    if state.isStopped || Task.isCancelled { return .some(nil) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
        }
    }
}

extension ConnectionKeeper.State {
    fileprivate mutating func takeWaiters() -> [CheckedContinuation<Connection?, Never>] {
        defer { waiters.removeAll() }
        return Array(waiters.values)
    }
}
