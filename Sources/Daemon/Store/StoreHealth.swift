import Synchronization

/// Whether the store answers, as its users saw last.
final class StoreHealth: Sendable {
    /// What is known.
    enum State: Sendable, Equatable {
        /// Nothing was asked yet.
        case unknown
        /// The last call was answered.
        case answering
        /// The last call failed, and why.
        case away(String)
    }

    private let storage = Mutex(State.unknown)

    /// What was seen last.
    var state: State { storage.withLock { $0 } }

    /// Notes how a call ended and says whether that is news.
    func note(_ state: State) -> Bool {
        storage.withLock { now in
            defer { now = state }
            switch (now, state) {
            case (.answering, .answering), (.away, .away), (.unknown, .answering): return false
            default: return true
            }
        }
    }
}
