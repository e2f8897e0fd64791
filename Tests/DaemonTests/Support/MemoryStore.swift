import Synchronization

@testable import Daemon

/// A store in memory with etcd's transactions: one revision a change, conditions judged and operations done at once.
final class MemoryStore: ClusterStore {
    private struct Watcher {
        var range: StoreRange
        var feed: AsyncStream<StoreNews>.Continuation
    }

    private struct Storage {
        var values: [String: StoredValue] = [:]
        var revision: Int64 = 1
        var watchers: [Int: Watcher] = [:]
        var nextWatcher = 0
        var isAway = false
        var commits = 0
        var refusals = 0
        var largest = 0
        /// Keys ever put, with the values, in order: what a test checks for "never twice".
        var history: [(key: String, isPut: Bool)] = []
    }

    private let storage = Mutex(Storage())
    /// How long every call takes, so that callers interleave.
    let delay: Duration?
    /// How long news takes to reach the mirrors.
    let lag: Duration?

    init(delay: Duration? = nil, lag: Duration? = nil) {
        self.delay = delay
        self.lag = lag
    }

    /// While true every call fails as it does when etcd is out of reach.
    var isAway: Bool {
        get { storage.withLock { $0.isAway } }
        set { storage.withLock { $0.isAway = newValue } }
    }

    var commits: Int { storage.withLock { $0.commits } }
    var refusals: Int { storage.withLock { $0.refusals } }
    /// The most bytes that one transaction wrote.
    var largest: Int { storage.withLock { $0.largest } }
    var keys: [String] { storage.withLock { $0.values.keys.sorted() } }
    var history: [(key: String, isPut: Bool)] { storage.withLock { $0.history } }

    func value(_ key: String) -> [UInt8]? { storage.withLock { $0.values[key]?.value } }

    /// Sets a key as another client of the store would.
    func put(_ key: String, _ value: [UInt8]) {
        storage.withLock { storage in
            storage.revision += 1
            Self.apply([.put(key, value)], &storage)
        }
    }

    func get(_ key: String) async throws(DaemonError) -> StoredValue? {
        try await reach()
        return storage.withLock { $0.values[key] }
    }

    func list(_ prefix: String) async throws(DaemonError) -> (values: [StoredValue], revision: Int64) {
        try await reach()
        return storage.withLock { storage in
            (storage.values.values.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }, storage.revision)
        }
    }

    func commit(_ transaction: StoreTransaction) async throws(DaemonError) -> StoreOutcome {
        try await reach()
        precondition(transaction.conditions.count <= 128 && transaction.then.count <= 128)
        return storage.withLock { storage in
            let holds = transaction.conditions.allSatisfy { Self.holds($0, storage) }
            let operations = holds ? transaction.then : transaction.otherwise
            storage.commits += 1
            let bytes = transaction.then.reduce(0) { if case .put(_, let value) = $1 { $0 + value.count } else { $0 } }
            storage.largest = max(storage.largest, bytes)
            if !holds { storage.refusals += 1 }
            let changes = operations.contains { if case .get = $0 { false } else { true } }
            if changes { storage.revision += 1 }
            let values = Self.apply(operations, &storage)
            return StoreOutcome(succeeded: holds, revision: storage.revision, values: values)
        }
    }

    func mirror(_ range: StoreRange, into receive: @escaping @Sendable (StoreNews) -> Void) async {
        let (stream, feed) = AsyncStream.makeStream(of: StoreNews.self)
        let id = storage.withLock { storage in
            storage.nextWatcher += 1
            storage.watchers[storage.nextWatcher] = Watcher(range: range, feed: feed)
            let puts = storage.values.values.filter { range.contains($0.key) }.map { StoreChange.put($0) }
            feed.yield(StoreNews(isWhole: true, changes: puts, revision: storage.revision))
            return storage.nextWatcher
        }
        for await news in stream {
            if let lag { try? await Task.sleep(for: lag) }
            receive(news)
        }
        storage.withLock { $0.watchers[id] = nil }
    }

    func hold(_ key: String, _ value: [UInt8], seconds: Int64) async {
        put(key, value)
        try? await Task.sleep(for: .seconds(3600))
        storage.withLock { storage in
            storage.revision += 1
            Self.apply([.delete(key)], &storage)
        }
    }

    private func reach() async throws(DaemonError) {
        if let delay { try? await Task.sleep(for: delay) }
        if isAway { throw DaemonError(.unavailable, "get /romana from etcd: connection refused (ECONNREFUSED)") }
    }

    private static func holds(_ condition: StoreTransaction.Condition, _ storage: Storage) -> Bool {
        switch condition {
        case .missing(let key): storage.values[key] == nil
        case .modRevision(let key, let revision): storage.values[key]?.modRevision == revision
        case .unchangedSince(let prefix, let revision):
            storage.values.values.allSatisfy { !$0.key.hasPrefix(prefix) || $0.modRevision <= revision }
        }
    }

    @discardableResult
    private static func apply(_ operations: [StoreTransaction.Operation], _ storage: inout Storage) -> [StoredValue] {
        var found: [StoredValue] = []
        var changes: [(key: String, change: StoreChange)] = []
        for operation in operations {
            switch operation {
            case .get(let key):
                if let value = storage.values[key] { found.append(value) }
            case .put(let key, let value):
                let entry = StoredValue(key: key, value: value, modRevision: storage.revision)
                storage.values[key] = entry
                storage.history.append((key, true))
                changes.append((key, .put(entry)))
            case .delete(let key):
                guard storage.values.removeValue(forKey: key) != nil else { continue }
                storage.history.append((key, false))
                changes.append((key, .delete(key, storage.revision)))
            }
        }
        for watcher in storage.watchers.values {
            let own = changes.filter { watcher.range.contains($0.key) }.map(\.change)
            guard !own.isEmpty else { continue }
            watcher.feed.yield(StoreNews(isWhole: false, changes: own, revision: storage.revision))
        }
        return found
    }
}
