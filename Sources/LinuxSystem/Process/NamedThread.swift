// Embedded Swift, in which the CNI plugin is built, has no Mutex, and the plugin has no threads.
#if !hasFeature(Embedded)
import CLinux
import Synchronization

/// A thread of ours with a name that `top -H` shows.
public final class NamedThread: Sendable {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// The name it was started with; the kernel keeps the first 15 bytes.
    public let name: String
    private let handle: Mutex<pthread_t?>

    /// Sets how readily the calling thread gets a processor: -20 first, 19 last (`setpriority(2)`).
    ///
    /// Below 0 it takes CAP_SYS_NICE, or EACCES is thrown.
    public static func setNiceness(_ nice: Int32) throws(SystemError) {
        try SystemCall.answer("set niceness", "\(nice)") { romana_thread_nice(nice) }
    }

    /// The kernel's number of the calling thread.
    public static var currentID: Int32 { romana_thread_id() }

    private init(name: String, handle: pthread_t) {
        self.name = name
        self.handle = Mutex(handle)
    }

    deinit {
        if let handle = handle.withLock({ $0 }) { pthread_detach(handle) }
    }

    /// Starts a thread.
    ///
    /// Throws EAGAIN when the system has too many.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> NamedThread {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let wrong = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                _ = romana_thread_name(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
                start.body()
                return nil
            }, start.toOpaque())
        guard wrong == 0 else {
            start.release()
            throw SystemError(operation: "start thread", subject: name, errno: Errno(rawValue: wrong))
        }
        return NamedThread(name: name, handle: handle)
    }

    /// Waits until the thread has ended; later calls return at once.
    ///
    /// Never from the thread itself.
    public func join() {
        let handle = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let handle { pthread_join(handle, nil) }
    }
}
#endif
