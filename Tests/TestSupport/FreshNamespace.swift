public import LinuxSystem

/// Network namespaces that exist for one test.
public enum FreshNamespace {
    /// Runs a test's body inside a new, empty network namespace, which goes afterwards.
    ///
    /// Nothing in the body can reach the host's network. The body runs on the test's own thread, which comes back or
    /// ends the process, so that what it expects is reported under the test's name; it must not be asynchronous.
    /// Throws EPERM without CAP_SYS_ADMIN: run the tests as root, or under `unshare --user --map-root-user`.
    public static func run(_ body: () throws -> Void) throws {
        let namespace = try open()
        var failure: (any Error)?
        try NetworkNamespace.perform(in: namespace.rawValue) {
            do {
                try body()
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
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
