import Glibc
import LinuxSystem
import Synchronization

/// What ends a command that goes on for ever: SIGINT, SIGTERM, or a reader of the output who has gone.
enum StopSignals {
    /// The eventfd that the handler of signals writes to; a handler may do no more than that.
    private static let doorbell = Atomic<Int32>(-1)

    /// Waits for one of them, or for the task to be cancelled.
    ///
    /// A second signal has its usual effect, should the command be busy still.
    static func arrive() async {
        let (arrivals, report) = AsyncStream.makeStream(of: Void.self)
        do throws(SystemError) {
            let counter = try EventCounter()
            doorbell.store(counter.rawValue, ordering: .releasing)
            _ = try NamedThread.start(name: "stop") {
                watch(counter)
                report.finish()
            }
            for signal in [SIGINT, SIGTERM] { install(signal) }
        } catch {
            // Without them the signals still end the process, if less politely.
        }
        for await _ in arrivals {}
    }

    private static func install(_ signal: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let saved = errno
            var one: UInt64 = 1
            _ = Glibc.write(StopSignals.doorbell.load(ordering: .acquiring), &one, 8)
            errno = saved
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        sigaction(signal, &action, nil)
    }

    /// Returns on a signal, or when nobody can read standard output any more.
    private static func watch(_ counter: EventCounter) {
        // No event is asked of the output: errors and hang-ups are told unasked.
        var entries = [
            pollfd(fd: counter.rawValue, events: Int16(POLLIN), revents: 0), pollfd(fd: 1, events: 0, revents: 0),
        ]
        while poll(&entries, nfds_t(entries.count), -1) < 0, errno == EINTR {}
    }
}
