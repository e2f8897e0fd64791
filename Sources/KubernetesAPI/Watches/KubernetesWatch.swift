import Synchronization

/// The state of all objects of a kind that are selected: first what is there, then every change, without end.
///
/// It lists, then watches from the list's version on, and goes on where it stood when a watch ends or its connection
/// does. If the API server does not remember that version any more, it lists again and gives what differs from what it
/// gave before. An object that cannot be read is logged and stays what it was. It is made to be iterated once, by one
/// task, and ends only when that is cancelled.
public final class KubernetesWatch<Object: KubernetesResource>: AsyncSequence, Sendable {
    /// What the watch gives.
    public enum Update: Sendable {
        /// All objects: given once, first.
        case snapshot([Object])
        /// What changed since, never empty; deletions that a list showed come first.
        case changes([ObjectChange<Object>])
    }

    /// One update.
    public typealias Element = Update
    /// It does not fail; it tries again.
    public typealias Failure = Never

    let client: KubernetesClient
    let selection: ObjectSelection
    private let state = Mutex(false)

    init(_ client: KubernetesClient, _ selection: ObjectSelection) {
        self.client = client
        self.selection = selection
    }

    /// Whether objects were listed and changes arrive as they happen.
    public var isConnected: Bool { state.withLock { $0 } }

    func setConnected(_ isConnected: Bool) { state.withLock { $0 = isConnected } }

    /// The one iteration.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Gives the updates.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private var course: WatchCourse<Object>

        fileprivate init(_ watch: KubernetesWatch) { course = WatchCourse(watch) }

        /// The next update, as soon as there is one.
        public mutating func next() async -> Update? { await course.next() }

        /// The next update, as soon as there is one.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Update? { await course.next() }
    }
}
