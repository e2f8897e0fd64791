import LinuxSystem
import Policies
import Synchronization

/// The one way into the dataplane thread: a queue of changes with an eventfd that its epoll loop watches.
final class DataplaneInbox: Sendable {
    private let queue = Mutex<[DataplaneChange]>([])
    private let counter: EventCounter

    /// What epoll watches.
    var descriptor: Int32 { counter.rawValue }

    init() throws(SystemError) {
        counter = try EventCounter()
    }

    /// Hands over one change; callable from anywhere, never blocks for long.
    func post(_ change: DataplaneChange) {
        let wasEmpty = queue.withLock { queue in
            queue.append(change)
            return queue.count == 1
        }
        if wasEmpty { counter.signal() }
    }

    /// Takes everything that is there; for the dataplane thread only.
    func drain() -> [DataplaneChange] {
        counter.drain()
        return queue.withLock { queue in
            let changes = queue
            queue = []
            return changes
        }
    }

    /// What the node's policies say.
    func judge(_ question: PolicyQuestion) async -> [NetworkPolicy.Direction: DirectionJudgement] {
        await withCheckedContinuation { continuation in
            post(.question(question) { continuation.resume(returning: $0) })
        }
    }

    /// The node's state as of now.
    func report() async -> NodeReport {
        await withCheckedContinuation { continuation in
            post(.report { continuation.resume(returning: $0) })
        }
    }

    /// The node's state as of now; nil when the dataplane thread does not answer in time.
    func report(within patience: Duration) async -> NodeReport? {
        let answer = FirstAnswer()
        return await withCheckedContinuation { continuation in
            answer.expect(continuation)
            post(.report { answer.give($0) })
            Task {
                try? await Task.sleep(for: patience)
                answer.give(nil)
            }
        }
    }

    /// Whoever waits, for whichever answer comes first.
    private final class FirstAnswer: Sendable {
        private let waiting = Mutex<CheckedContinuation<NodeReport?, Never>?>(nil)

        func expect(_ continuation: CheckedContinuation<NodeReport?, Never>) {
            waiting.withLock { $0 = continuation }
        }

        func give(_ report: NodeReport?) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(returning: report)
        }
    }
}
