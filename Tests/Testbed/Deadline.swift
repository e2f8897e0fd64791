import Glibc
import Synchronization

/// Kills a process that is still running after a while.
final class Deadline: Sendable {
    private enum State { case pending, met, missed }
    private let state = Mutex(State.pending)

    /// Kills `process` after `limit`, unless `met` was called before; its id must not be reaped earlier than that.
    init(process: pid_t, after limit: Duration) {
        Task { [weak self] in
            try await Task.sleep(for: limit)
            self?.state.withLock { state in
                guard state == .pending else { return }
                state = .missed
                kill(process, SIGKILL)
            }
        }
    }

    /// The process has ended; nothing will be killed any more.
    func met() {
        state.withLock { if $0 == .pending { $0 = .met } }
    }

    /// Whether the process had to be killed.
    var isMissed: Bool { state.withLock { $0 == .missed } }
}
