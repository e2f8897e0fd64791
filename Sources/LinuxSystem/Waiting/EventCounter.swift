import CLinux

/// Wakes one thread's epoll from any other (`eventfd(2)`); signals before a drain merge into one.
public final class EventCounter: Sendable {
    private let descriptor: FileDescriptor

    /// A counter at zero.
    public init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try SystemCall.answer("create eventfd") { romana_eventfd() })
    }

    /// For `Epoll.add`; readable after a signal, until drained.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Makes the descriptor readable.
    ///
    /// Never waits; from any thread.
    public func signal() {
        var one: UInt64 = 1
        // EAGAIN means that 2^64-2 signals are pending: readable all the same.
        while CLinux.write(rawValue, &one, 8) < 0, romana_errno() == EINTR {}
    }

    /// How many signals came since the last drain; 0 if none.
    @discardableResult
    public func drain() -> UInt64 {
        var count: UInt64 = 0
        while CLinux.read(rawValue, &count, 8) < 0 {
            if romana_errno() != EINTR { return 0 }
        }
        return count
    }

    /// Waits for a signal and drains, for a thread with nothing else to wait for; 0 when the time is up.
    ///
    /// A negative time waits for ever.
    @discardableResult
    public func wait(timeoutMilliseconds: Int32 = -1) -> UInt64 {
        var entry = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, timeoutMilliseconds)
        return drain()
    }
}
