import CLinux

/// Network namespaces by descriptor (`network_namespaces(7)`).
///
/// A namespace belongs to a thread. Code that enters one must come back before the thread does anything else, which
/// `perform` guarantees; sockets opened inside stay in it for good.
public enum NetworkNamespace {
    /// What tells one namespace from another, for as long as either is open.
    public struct Identity: Hashable, Sendable, CustomStringConvertible {
        /// The device of its file on nsfs.
        public let device: UInt64
        /// The inode of its file on nsfs.
        public let inode: UInt64

        /// An identity from its parts.
        public init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }

        /// Both numbers, such as `4:4026532281`.
        public var description: String { "\(device):\(inode)" }
    }

    /// Opens a namespace by path, such as `/run/netns/blue` or `/proc/123/ns/net`.
    public static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path)
        } catch {
            throw SystemError(operation: "open network namespace", subject: path, errno: error.errno)
        }
    }

    /// The calling thread's namespace.
    public static func current() throws(SystemError) -> FileDescriptor {
        try open("/proc/thread-self/ns/net")
    }

    /// Whether a descriptor leads to a network namespace (`NS_GET_NSTYPE` of linux/nsfs.h).
    public static func isNamespace(_ fd: Int32) -> Bool {
        romana_namespace_check(fd)
    }

    /// Which namespace a descriptor leads to.
    ///
    /// Throws EBADF for a closed one.
    public static func identity(_ fd: Int32) throws(SystemError) -> Identity {
        var device: UInt64 = 0
        var inode: UInt64 = 0
        try SystemCall.answer("identify network namespace", "descriptor \(fd)") {
            romana_identity(fd, &device, &inode)
        }
        return Identity(device: device, inode: inode)
    }

    /// Which namespace the calling thread is in.
    public static func currentIdentity() throws(SystemError) -> Identity {
        var device: UInt64 = 0
        var inode: UInt64 = 0
        try SystemCall.answer("identify network namespace", "of the thread") { romana_identity(-1, &device, &inode) }
        return Identity(device: device, inode: inode)
    }

    /// Runs `body` on this thread inside another namespace, and comes back.
    ///
    /// Throws EINVAL for a descriptor that is no network namespace. A thread that cannot come back must not go on, or
    /// it would program the wrong node: the process ends.
    public static func perform<Value: ~Copyable>(
        in fd: Int32, _ body: () throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let home = try current()
        return try perform(in: fd, home: home.rawValue, body)
    }

    /// The same for a thread that has its own namespace open already.
    public static func perform<Value: ~Copyable>(
        in fd: Int32, home: Int32, _ body: () throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        try enter(fd)
        defer {
            do {
                try enter(home)
            } catch {
                StandardError.print("leave network namespace: \(error)")
                abort()
            }
        }
        return try body()
    }

    /// Moves the calling thread into a namespace for good; for threads that live there.
    public static func enter(_ fd: Int32) throws(SystemError) {
        try SystemCall.answer("enter network namespace", "descriptor \(fd)") { romana_namespace_enter(fd) }
    }

    /// Gives the calling thread a new, empty namespace; for threads of its own only (`unshare -n`).
    public static func unshare() throws(SystemError) {
        try SystemCall.answer("create network namespace") { romana_namespace_unshare() }
    }
}
