import CLinux

/// The one place where results of system calls become values or errors.
///
/// A call broken off by a signal is repeated.
enum SystemCall {
    /// Runs a function of CLinux, which answers a value >= 0 or -errno.
    @discardableResult
    static func answer<Value: SignedInteger>(
        _ operation: String, _ subject: @autoclosure () -> String = "", _ call: () -> Value
    ) throws(SystemError) -> Value {
        while true {
            let value = call()
            if value >= 0 { return value }
            let errno = Errno(rawValue: Int32(-value))
            if errno.rawValue != EINTR { throw SystemError(operation: operation, subject: subject(), errno: errno) }
        }
    }

    /// Runs a function of libc, which answers -1 and sets errno.
    @discardableResult
    static func result<Value: SignedInteger>(
        _ operation: String, _ subject: @autoclosure () -> String = "", _ call: () -> Value
    ) throws(SystemError) -> Value {
        try answer(operation, subject()) {
            let value = call()
            return value < 0 ? Value(-romana_errno()) : value
        }
    }

    /// Like `answer`, but nil where the call would have had to wait.
    static func answerUnlessWaiting<Value: SignedInteger>(
        _ operation: String, _ subject: @autoclosure () -> String = "", _ call: () -> Value
    ) throws(SystemError) -> Value? {
        do {
            return try answer(operation, subject(), call)
        } catch {
            if error.errno.rawValue == EAGAIN { return nil }
            throw error
        }
    }
}
