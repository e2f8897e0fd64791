public import LinuxSystem
import Synchronization

/// Network namespaces that exist for one test.
public enum FreshNamespace {
    /// Runs a test's body on a thread of its own in a new, empty network namespace, which goes with the thread.
    ///
    /// Nothing in the body can reach the host's network. Throws EPERM without CAP_SYS_ADMIN: run the tests as root, or
    /// under `unshare --user --map-root-user`.
    public static func run(_ body: @escaping @Sendable () throws -> Void) throws {
        let failure = Mutex<(any Error)?>(nil)
        let thread = try NamedThread.start(name: "fresh-namespace") {
            do {
                try NetworkNamespace.unshare()
                try body()
            } catch {
                failure.withLock { $0 = error }
            }
        }
        thread.join()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// A new, empty namespace without a name; it goes when the descriptor does.
    public static func open() throws(SystemError) -> FileDescriptor {
        let home = try NetworkNamespace.current()
        return try NetworkNamespace.perform(in: home.rawValue) { () throws(SystemError) in
            try NetworkNamespace.unshare()
            return try NetworkNamespace.current()
        }
    }
}
