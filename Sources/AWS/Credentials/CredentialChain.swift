import Logging

/// The first source of credentials that has any; what it lent is renewed before it ends.
actor CredentialChain {
    /// What is left of the time of credentials when they are renewed, and when they are not used any more, in seconds.
    static let (renewal, margin): (Int64, Int64) = (600, 60)
    /// After a renewal that failed, this many seconds pass before the next as long as the old ones are good.
    static let pause: Int64 = 60

    private let sources: [any CredentialSource]
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private var current: AWSCredentials?
    private var attempted: Int64?
    private var renewal: Renewal?

    /// A renewal under way.
    private struct Renewal {
        typealias Fetch = Task<Result<AWSCredentials, AWSError>, Never>

        let task: Fetch
        /// How many wait for it.
        var waiting = 0
        /// How many of these were cancelled.
        var leaving = 0
    }

    /// How many wait for a renewal.
    var waiting: Int { renewal?.waiting ?? 0 }

    init(_ sources: [any CredentialSource], now: @escaping @Sendable () -> Int64, logger: Logger) {
        self.sources = sources
        self.now = now
        self.logger = logger
    }

    /// Credentials that are good for a while; many who ask at once wait for the same answer.
    func credentials() async throws(AWSError) -> AWSCredentials {
        guard let current else { return try await renewed() }
        guard let end = current.expiration else { return current }
        let rest = end - now()
        if rest > Self.renewal { return current }
        if rest > Self.margin {
            if let attempted, (0..<Self.pause).contains(now() - attempted) { return current }
            do throws(AWSError) {
                return try await renewed()
            } catch {
                if error.code == .cancelled { throw error }
                logger.warning("renew credentials, which are good for \(rest) s more: \(error)")
                return current
            }
        }
        return try await renewed()
    }

    /// Forgets credentials that AWS refuses, unless there are others by now.
    func forget(_ refused: AWSCredentials) {
        if current?.accessKeyID == refused.accessKeyID, current?.sessionToken == refused.sessionToken { current = nil }
    }

    private func renewed() async throws(AWSError) -> AWSCredentials {
        attempted = now()
        // By itself: whoever asked first may be cancelled while others wait.
        var renewal = self.renewal ?? Renewal(task: Task { [sources] in await Self.fetched(sources) })
        renewal.waiting += 1
        self.renewal = renewal
        let task = renewal.task
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task { await self.leave(task) }
        }
        // Whoever comes to it later would bring back what was refused meanwhile.
        if self.renewal?.task == task {
            self.renewal = nil
            if case .success(let credentials) = result { current = credentials }
        }
        return try result.get()
    }

    /// Ends a renewal once everybody who waits for it was cancelled.
    private func leave(_ task: Renewal.Fetch) {
        guard var renewal, renewal.task == task else { return }
        renewal.leaving += 1
        self.renewal = renewal.leaving < renewal.waiting ? renewal : nil
        if self.renewal == nil { task.cancel() }
    }

    private static func fetched(_ sources: [any CredentialSource]) async -> Result<AWSCredentials, AWSError> {
        for source in sources {
            do throws(AWSError) {
                if let credentials = try await source.credentials() { return .success(credentials) }
            } catch {
                return .failure(
                    AWSError(
                        error.code == .cancelled ? .cancelled : .credentials,
                        "take credentials from \(source.name): \(error)", name: error.name))
            }
        }
        let names = sources.map(\.name).joined(separator: ", ")
        return .failure(AWSError(.credentials, "find credentials: there are none in \(names)"))
    }
}
