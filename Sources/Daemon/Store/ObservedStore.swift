import Logging

/// A store whose health is noted on every call.
struct ObservedStore: ClusterStore {
    let store: any ClusterStore
    let health: StoreHealth
    let metrics: Metrics
    let logger: Logger

    func get(_ key: String) async throws(DaemonError) -> StoredValue? {
        try await noted { () async throws(DaemonError) in try await store.get(key) }
    }

    func list(_ prefix: String) async throws(DaemonError) -> (values: [StoredValue], revision: Int64) {
        try await noted { () async throws(DaemonError) in try await store.list(prefix) }
    }

    func commit(_ transaction: StoreTransaction) async throws(DaemonError) -> StoreOutcome {
        try await noted { () async throws(DaemonError) in try await store.commit(transaction) }
    }

    func mirror(_ range: StoreRange, into receive: @escaping @Sendable (StoreNews) -> Void) async {
        await store.mirror(range, into: receive)
    }

    func hold(_ key: String, _ value: [UInt8], seconds: Int64) async {
        await store.hold(key, value, seconds: seconds)
    }

    private func noted<Value>(_ call: () async throws(DaemonError) -> Value) async throws(DaemonError) -> Value {
        do {
            let value = try await call()
            if health.note(.answering) { logger.notice("etcd answers again") }
            return value
        } catch {
            // Who was cancelled learned nothing of etcd.
            guard !Task.isCancelled else { throw error }
            metrics.add(.etcdErrors)
            if health.note(.away(error.details)) {
                logger.error("etcd does not answer", metadata: ["details": "\(error.details)"])
            }
            throw error
        }
    }
}
