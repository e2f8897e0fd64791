import NIOCore
import NIOPosix
import Synchronization

/// Runs `work` and gives it up after `limit`.
///
/// Throws what the work throws, or `error` when the time was up first; the work is then cancelled, and what it had
/// already committed stays committed.
///
/// The clock is a timer of an event loop: a sleeping task that is cancelled keeps its memory until it would have woken,
/// which thousands of requests a second would feel.
func within<Value: Sendable>(
    _ limit: Duration, else error: DaemonError, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let isLate = Atomic(false)
    let task = Task { try await work() }
    let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(limit)) {
        isLate.store(true, ordering: .relaxed)
        task.cancel()
    }
    defer { timer.cancel() }
    do {
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    } catch let failure {
        throw isLate.load(ordering: .relaxed) ? error : failure
    }
}
