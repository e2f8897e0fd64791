import CLinux

/// A timer of the monotonic clock that epoll can wait for (`timerfd(2)`).
public final class TimerDescriptor: Sendable {
    private let descriptor: FileDescriptor

    /// A timer that is not set.
    public init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try SystemCall.answer("create timerfd") { romana_timerfd_create() })
    }

    /// For `Epoll.add`; readable once the time has come, until drained.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Fires after `nanoseconds` (0 counts as 1), then every `interval` nanoseconds unless that is 0; replaces what
    /// was set.
    public func set(afterNanoseconds nanoseconds: UInt64, interval: UInt64 = 0) throws(SystemError) {
        try SystemCall.answer("set timer") { romana_timerfd_set(rawValue, max(1, nanoseconds), interval) }
    }

    /// Stops it.
    public func cancel() throws(SystemError) {
        try SystemCall.answer("stop timer") { romana_timerfd_set(rawValue, 0, 0) }
    }

    /// How often it has fired since the last drain; 0 if not at all.
    @discardableResult
    public func drain() -> UInt64 {
        var count: UInt64 = 0
        while CLinux.read(rawValue, &count, 8) < 0 {
            if romana_errno() != EINTR { return 0 }
        }
        return count
    }
}
