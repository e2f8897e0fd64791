import Glibc

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It returned this code, 0...255.
    case exited(Int32)
    /// This signal ended it.
    case signaled(Int32)

    /// The status that `waitpid` reports in its second argument (wait(2)).
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
    }

    /// Whether the process returned 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// Reads as `exit code 1` or `signal 9`.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
