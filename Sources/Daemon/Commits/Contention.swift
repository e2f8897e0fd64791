import Synchronization

/// Whether other daemons were in the way lately.
final class Contention: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// How long a clash is remembered.
    static let memory = Duration.seconds(10)

    /// A transaction was refused.
    func note() { last.withLock { $0 = .now } }

    /// Whether one was refused lately.
    var isRecent: Bool { last.withLock { $0.map { ContinuousClock.now - $0 < Self.memory } ?? false } }
}
