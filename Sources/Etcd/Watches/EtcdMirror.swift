internal import Logging
internal import Synchronization

/// The state of all keys with a prefix: first what is there, then every change, without end.
///
/// If the history that it needs is gone (compaction, a restored cluster), it lists the keys again and gives what
/// differs from what it gave before, so that no change is missed and none given twice. It is made to be iterated
/// once, by one task, and ends only when that is cancelled or the client stops.
public final class EtcdMirror: AsyncSequence, Sendable {
    /// What the mirror gives.
    public enum Update: Sendable, Hashable {
        /// All keys, as of a revision: given once, first.
        case snapshot([EtcdKeyValue], revision: Int64)
        /// What changed, up to a revision.
        case changes([EtcdChange], revision: Int64)
    }

    /// One update.
    public typealias Element = Update
    /// It does not fail; it tries again.
    public typealias Failure = Never

    private let client: EtcdClient
    private let prefix: String
    private let watch = Mutex<EtcdWatch?>(nil)

    init(_ client: EtcdClient, prefix: String) {
        self.client = client
        self.prefix = prefix
    }

    /// Whether the state was listed and changes arrive as they happen.
    public var isConnected: Bool { watch.withLock { $0 }?.isConnected ?? false }

    /// The one iteration.
    public func makeAsyncIterator() -> Iterator { Iterator(mirror: self) }

    /// Gives the updates.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private let mirror: EtcdMirror
        private var record: MirrorRecord?
        private var batches: EtcdWatch.Iterator?

        fileprivate init(mirror: EtcdMirror) { self.mirror = mirror }

        /// The next update, as soon as there is one.
        public mutating func next() async -> Update? { await update() }

        /// The next update, as soon as there is one.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Update? { await update() }

        private mutating func update() async -> Update? {
            var retreat = Retreat()
            while !Task.isCancelled {
                do throws(EtcdError) {
                    guard batches != nil else {
                        if let update = try await list() { return update }
                        continue
                    }
                    guard let batch = try await batches?.next() else { break }
                    record?.apply(batch.events)
                    return .changes(batch.events, revision: batch.revision)
                } catch {
                    stopWatching()
                    if error.code == .cancelled { break }
                    mirror.client.logger.debug("\(error)")
                    if case .compacted = error.code { continue }
                    retreat.failed()
                    try? await Task.sleep(for: retreat.pause(free: 0))
                }
            }
            stopWatching()
            return nil
        }

        /// Lists the keys and watches from there on: all of them the first time, then the differences, if any.
        private mutating func list() async throws(EtcdError) -> Update? {
            let (keyValues, revision) = try await mirror.client.list(prefix: mirror.prefix)
            let watch = mirror.client.watch(.prefix(mirror.prefix), from: revision &+ 1)
            batches = watch.makeAsyncIterator()
            mirror.watch.withLock { $0 = watch }
            guard record != nil else {
                var first = MirrorRecord(prefix: mirror.prefix)
                first.adopt(keyValues)
                record = first
                return .snapshot(keyValues, revision: revision)
            }
            let changes = record?.differences(to: keyValues, revision) ?? []
            return changes.isEmpty ? nil : .changes(changes, revision: revision)
        }

        private mutating func stopWatching() {
            batches = nil
            mirror.watch.withLock { $0 = nil }
        }
    }
}
