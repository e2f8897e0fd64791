import CLinux

/// Signals as something to read (`signalfd(2)`).
///
/// Make it before any other thread starts: the signals are blocked in the calling thread and in those it starts later,
/// and one that a thread leaves unblocked would be delivered there instead.
public final class SignalDescriptor: Sendable {
    private let descriptor: FileDescriptor

    /// Takes over the given signals, such as `SIGTERM`.
    public init(_ signals: [Int32]) throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try SystemCall.answer("create signalfd") { romana_signalfd(signals, signals.count) })
    }

    /// For `Epoll.add`; readable while a signal is pending.
    public var rawValue: Int32 { descriptor.rawValue }

    /// The next pending signal, nil if there is none.
    public func next() throws(SystemError) -> Int32? {
        try SystemCall.answerUnlessWaiting("read signal") { romana_signalfd_read(rawValue) }
    }
}
