import Logging
import Synchronization

/// The cluster as etcd holds it, in memory: written by four mirrors, read by every request.
///
/// It may be behind etcd by the time a change takes to arrive, so nothing is decided by it alone: every write is a
/// transaction on what was read here.
final class ClusterMirror: Sendable {
    private struct Waiter {
        var condition: @Sendable (borrowing ClusterState) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Storage {
        var state: ClusterState
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let storage: Mutex<Storage>
    private let logger: Logger

    /// Makes a mirror of nothing yet.
    init(keys: ClusterKeys, logger: Logger) {
        storage = Mutex(Storage(state: ClusterState(keys: keys)))
        self.logger = logger
    }

    /// Follows every part of the store until the task is cancelled.
    func follow(_ store: any ClusterStore) async {
        let keys = read { $0.keys }
        await withTaskGroup(of: Void.self) { group in
            for part in ClusterPart.allCases {
                group.addTask {
                    await store.mirror(part.range(keys)) { [self] news in take(news, part) }
                }
            }
        }
    }

    /// Takes in what one mirror learned.
    func take(_ news: StoreNews, _ part: ClusterPart) {
        let unreadable = change { $0.take(news, part) }
        for key in unreadable { logger.error("a record cannot be read", metadata: ["key": "\(key)"]) }
    }

    /// Looks at the state; `body` runs under a lock, so it must be quick, and must not keep the state.
    func read<Value, Failure: Error>(_ body: (borrowing ClusterState) throws(Failure) -> Value) throws(Failure) -> Value
    {
        try storage.withLock { storage throws(Failure) in try body(storage.state) }
    }

    /// Changes the state and wakes those who waited for it.
    func change<Value: Sendable, Failure: Error>(
        _ body: (inout ClusterState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var woken: [CheckedContinuation<Void, Never>] = []
        defer { for continuation in woken { continuation.resume() } }
        return try storage.withLock { storage throws(Failure) in
            let value = try body(&storage.state)
            for (id, waiter) in storage.waiters where waiter.condition(storage.state) {
                storage.waiters[id] = nil
                woken.append(waiter.continuation)
            }
            return value
        }
    }

    /// Waits until `condition` holds, but no longer than `limit`; says whether it holds.
    @discardableResult
    func wait(atMost limit: Duration, until condition: @escaping @Sendable (borrowing ClusterState) -> Bool) async
        -> Bool
    {
        if read(condition) { return true }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.suspend(until: condition) }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return read(condition)
    }

    private func suspend(until condition: @escaping @Sendable (borrowing ClusterState) -> Bool) async {
        let id = storage.withLock { storage in
            storage.nextWaiter += 1
            return storage.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = storage.withLock { storage in
                    if Task.isCancelled || condition(storage.state) { return true }
                    storage.waiters[id] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            storage.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}
