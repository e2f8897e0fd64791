import CLinux

/// What a descriptor is ready for, or is waited for (`epoll(7)`); the numbers are the kernel's (linux/eventpoll.h), whose
/// names have a type in glibc and none in musl.
public struct PollEvents: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32

    /// Events from the kernel's bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, a connection to accept, or the end of the stream.
    public static let readable = PollEvents(rawValue: 0x001)
    /// There is room to write.
    public static let writable = PollEvents(rawValue: 0x004)
    /// An error is pending; always reported.
    public static let error = PollEvents(rawValue: 0x008)
    /// Both directions are closed; always reported.
    public static let hangUp = PollEvents(rawValue: 0x010)
    /// The other side has stopped sending.
    public static let peerClosed = PollEvents(rawValue: 0x2000)
}

/// Waits for many descriptors at once, level triggered.
///
/// A descriptor must be removed before it is closed if duplicates of it live on; used by one thread.
public struct Epoll: ~Copyable, Sendable {
    /// A descriptor that is ready, by the token it was added with.
    public struct Event: Hashable, Sendable {
        /// The token given to `add`.
        public let token: UInt64
        /// What it is ready for.
        public let events: PollEvents

        /// An event from its parts.
        public init(token: UInt64, events: PollEvents) {
            self.token = token
            self.events = events
        }
    }

    private let descriptor: FileDescriptor

    /// A set with nothing in it.
    public init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try SystemCall.answer("create epoll") { romana_epoll_create() })
    }

    /// Starts to wait for a descriptor.
    ///
    /// Throws EEXIST if it is in the set already, EPERM if it is a plain file.
    public func add(_ fd: Int32, _ events: PollEvents = .readable, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, "add", fd, events, token)
    }

    /// Changes what a descriptor is waited for.
    ///
    /// Throws ENOENT if it is not in the set.
    public func modify(_ fd: Int32, _ events: PollEvents, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, "modify", fd, events, token)
    }

    /// Forgets a descriptor.
    ///
    /// Throws ENOENT if it is not in the set.
    public func remove(_ fd: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, "remove", fd, [], 0)
    }

    /// Waits until something is ready; empty when the time is up.
    ///
    /// A negative time waits for ever, 0 not at all. Reports at most `capacity` events; the others come next time.
    public func wait(timeoutMilliseconds: Int32 = -1, capacity: Int = 256) throws(SystemError) -> [Event] {
        var ready: [Event] = []
        try SystemCall.answer("wait on epoll") {
            withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: max(1, capacity)) { buffer in
                let count = romana_epoll_wait(
                    descriptor.rawValue, buffer.baseAddress, Int32(buffer.count), timeoutMilliseconds)
                ready = buffer.prefix(Int(max(0, count))).map {
                    Event(token: $0.data.u64, events: PollEvents(rawValue: $0.events))
                }
                return count
            }
        }
        return ready
    }

    private func control(
        _ operation: Int32, _ verb: String, _ fd: Int32, _ events: PollEvents, _ token: UInt64
    ) throws(SystemError) {
        try SystemCall.answer("\(verb) in epoll", "descriptor \(fd)") {
            romana_epoll_control(descriptor.rawValue, operation, fd, events.rawValue, token)
        }
    }
}
