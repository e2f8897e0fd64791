import Glibc

/// A thread for one blocking piece of work: starting a process and waiting for its end.
///
/// A process that asks to die with its parent dies with the *thread* that started it (prctl(2)), so that thread
/// has to live as long as the process does; a thread of the concurrency pool may end at any time.
enum StarterThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own, with SIGPIPE blocked so that writing to a closed pipe is only an error.
    static func run(_ body: @escaping @Sendable () -> Void) throws(TestbedError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                var blocked = sigset_t()
                sigemptyset(&blocked)
                sigaddset(&blocked, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &blocked, nil)
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw TestbedError("start a thread: \(String(cString: strerror(code)))")
        }
    }
}
