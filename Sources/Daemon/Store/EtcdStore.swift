import Etcd
import Logging

/// The daemon's store on etcd.
struct EtcdStore: ClusterStore {
    private let client: EtcdClient
    private let logger: Logger

    /// Makes a client of the etcd that the settings name; nothing is sent before `run`.
    init(_ configuration: EtcdConfiguration, logger: Logger) {
        client = EtcdClient(configuration, logger: logger)
        self.logger = logger
    }

    /// Keeps the connection until the task is cancelled.
    func run() async {
        await client.run()
    }

    func get(_ key: String) async throws(DaemonError) -> StoredValue? {
        do {
            return try await client.get(key).keyValue.map(StoredValue.init)
        } catch {
            throw DaemonError(error)
        }
    }

    func list(_ prefix: String) async throws(DaemonError) -> (values: [StoredValue], revision: Int64) {
        do {
            let (keyValues, revision) = try await client.list(prefix: prefix)
            return (keyValues.map(StoredValue.init), revision)
        } catch {
            throw DaemonError(error)
        }
    }

    func commit(_ transaction: StoreTransaction) async throws(DaemonError) -> StoreOutcome {
        do {
            let outcome = try await client.commit(EtcdTransaction(transaction))
            let values = outcome.responses.flatMap { response -> [EtcdKeyValue] in
                if case .keyValues(let found) = response { found } else { [] }
            }
            return StoreOutcome(
                succeeded: outcome.succeeded, revision: outcome.revision, values: values.map(StoredValue.init))
        } catch {
            throw DaemonError(error)
        }
    }

    func mirror(_ range: StoreRange, into receive: @escaping @Sendable (StoreNews) -> Void) async {
        for await update in client.mirror(prefix: range.start) {
            receive(StoreNews(update, of: range))
        }
    }

    func hold(_ key: String, _ value: [UInt8], seconds: Int64) async {
        await client.lease(seconds: seconds).run { [client, logger] lease in
            while !Task.isCancelled {
                do {
                    _ = try await client.put(key, value, lease: lease)
                    logger.info("registered", metadata: ["key": "\(key)"])
                    try await Task.sleep(for: .seconds(Int32.max))
                } catch {
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }
}

extension StoreRange {
    /// What every key of the range starts with.
    var start: String {
        switch self {
        case .key(let key): key
        case .prefix(let prefix): prefix
        }
    }
}

extension StoreNews {
    /// What a mirror of all keys that start as `range` does tells of the range itself.
    ///
    /// The revision of changes is that of the newest among them: etcd's own may run ahead of what it has sent of them.
    init(_ update: EtcdMirror.Update, of range: StoreRange) {
        switch update {
        case .snapshot(let keyValues, let revision):
            let puts = keyValues.filter { range.contains($0.key) }.map { StoreChange.put(StoredValue($0)) }
            self.init(isWhole: true, changes: puts, revision: revision)
        case .changes(let changes, _):
            let own = changes.filter { range.contains($0.key) }.map(StoreChange.init)
            self.init(isWhole: false, changes: own, revision: changes.map(\.revision).max() ?? 0)
        }
    }
}

extension StoreChange {
    init(_ change: EtcdChange) {
        switch change {
        case .put(let keyValue): self = .put(StoredValue(keyValue))
        case .delete(key: let key, revision: let revision): self = .delete(key, revision)
        }
    }
}

extension StoredValue {
    init(_ keyValue: EtcdKeyValue) {
        self.init(key: keyValue.key, value: keyValue.value, modRevision: keyValue.modRevision)
    }
}

extension EtcdTransaction {
    /// The same transaction in etcd's terms.
    init(_ transaction: StoreTransaction) {
        self.init(
            conditions: transaction.conditions.map { condition in
                switch condition {
                case .missing(let key): .missing(key)
                case .modRevision(let key, let revision): .modRevision(key, equals: revision)
                case .unchangedSince(let prefix, let revision): .prefixUnchangedSince(prefix, revision)
                }
            },
            then: transaction.then.map(Operation.init), otherwise: transaction.otherwise.map(Operation.init))
    }
}

extension EtcdTransaction.Operation {
    init(_ operation: StoreTransaction.Operation) {
        self =
            switch operation {
            case .put(let key, let value): .put(key: key, value: value)
            case .delete(let key): .delete(key)
            case .get(let key): .get(key)
            }
    }
}

extension DaemonError {
    /// What etcd's failure means for the client of the daemon: come back later, unless the daemon asked wrongly.
    init(_ error: EtcdError) {
        let kind: Kind
        switch error.code {
        case .invalid: kind = .defect
        default: kind = .unavailable
        }
        self.init(kind, error.description)
    }
}
