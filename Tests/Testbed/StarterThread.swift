import Glibc
import LinuxSystem

/// A thread for one blocking piece of work: starting a process and waiting for its end.
///
/// A process that asks to die with its parent dies with the *thread* that started it (prctl(2)), so that thread
/// has to live as long as the process does; a thread of the concurrency pool may end at any time.
enum StarterThread {
    /// Runs `body` on a thread of its own, with SIGPIPE blocked so that writing to a closed pipe is only an error.
    static func value<Value: Sendable>(
        _ body: @escaping @Sendable (_ answer: (Result<Value, TestbedError>) -> Void) -> Void
    ) async throws(TestbedError) -> Value {
        let result: Result<Value, TestbedError> = await withCheckedContinuation { continuation in
            do throws(SystemError) {
                _ = try NamedThread.start(name: "starter") {
                    var blocked = sigset_t()
                    sigemptyset(&blocked)
                    sigaddset(&blocked, SIGPIPE)
                    pthread_sigmask(SIG_BLOCK, &blocked, nil)
                    body { continuation.resume(returning: $0) }
                }
            } catch {
                continuation.resume(returning: .failure(TestbedError(error.description)))
            }
        }
        return try result.get()
    }
}
