/// The changes of a key or a prefix, from a revision on: each once, in order.
///
/// It is made to be iterated once, by one task; it ends when that task is cancelled or the client stops, and throws
/// once if it cannot go on. Letting go of it ends the watch.
public struct EtcdWatch: AsyncSequence, Sendable {
    /// Changes that came together, or that piled up since the last batch was taken.
    public struct Batch: Sendable, Hashable {
        /// The changes, oldest first; all those of one revision are in one batch.
        public var events: [EtcdChange]
        /// Everything up to this revision has been given.
        public var revision: Int64
    }

    private let subscription: Subscription

    init(_ range: EtcdRange, from revision: Int64, _ hub: WatchHub) {
        subscription = Subscription(hub, hub.add(range, from: revision))
    }

    /// Whether changes arrive as they happen, rather than a lost connection being restored.
    public var isConnected: Bool { subscription.hub.isLive(subscription.number) }

    /// The one iteration.
    public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

    /// Gives the batches.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        fileprivate let subscription: Subscription

        /// The next changes, as soon as there are any.
        public mutating func next() async throws(EtcdError) -> Batch? {
            try await subscription.hub.next(subscription.number)
        }

        /// The next changes, as soon as there are any.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(EtcdError) -> Batch? {
            try await subscription.hub.next(subscription.number)
        }
    }

    fileprivate final class Subscription: Sendable {
        let hub: WatchHub
        let number: UInt64

        init(_ hub: WatchHub, _ number: UInt64) {
            self.hub = hub
            self.number = number
        }

        deinit { hub.remove(number) }
    }
}
