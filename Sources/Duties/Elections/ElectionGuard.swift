import Deltas
public import Etcd
public import Logging

/// What somebody who was elected writes with: etcd refuses it once he is not any more.
public struct ElectionGuard: Sendable {
    /// The key under which the election was won.
    public let key: String
    /// At which revision it was made; nobody else has a key of that revision.
    public let createRevision: Int64
    private let etcd: EtcdClient
    private let logger: Logger

    /// A guard, by a key in etcd and the revision that it was made at.
    public init(key: String, createRevision: Int64, etcd: EtcdClient, logger: Logger) {
        self.key = key
        self.createRevision = createRevision
        self.etcd = etcd
        self.logger = logger
    }

    /// What must be true of the store for every write.
    public var condition: EtcdTransaction.Condition { .createRevision(key, equals: createRevision) }

    /// Makes changes together, each of which may be made twice without harm: it tries until etcd has answered.
    ///
    /// - Throws: `deposed` if the election is lost, and `refused` if etcd does not take the changes as they are.
    public func commit(_ operations: [EtcdTransaction.Operation]) async throws(DutyError) {
        guard !operations.isEmpty else { return }
        _ = try await commit(operations, when: [])
    }

    /// Makes changes together if all conditions hold, as ``commit(_:)`` does; false if they do not.
    ///
    /// Whoever makes them twice without knowing finds that the conditions do not hold any more.
    public func commit(
        _ operations: [EtcdTransaction.Operation], when conditions: [EtcdTransaction.Condition]
    ) async throws(DutyError) -> Bool {
        let transaction = EtcdTransaction(
            conditions: [condition] + conditions, then: operations, otherwise: [.get(key)])
        var backoff = Backoff(first: .milliseconds(50), cap: .seconds(2))
        while true {
            let outcome: EtcdTransaction.Outcome
            do {
                outcome = try await etcd.commit(transaction)
            } catch {
                if Task.isCancelled || error.code == .cancelled { throw DutyError(.cancelled, "\(error)") }
                if error.code == .invalid { throw DutyError(.refused, "\(error)") }
                let isNews = backoff.failures == 0
                logger.log(level: isNews ? .warning : .debug, "\(error)")
                try? await Task.sleep(for: backoff.next(jitter: .random(in: 0...1)))
                continue
            }
            if outcome.succeeded { return true }
            guard case .keyValues(let found)? = outcome.responses.first,
                found.first?.createRevision == createRevision
            else { throw DutyError(.deposed, "\(key): the election is lost") }
            return false
        }
    }
}
