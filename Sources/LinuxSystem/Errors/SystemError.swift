/// A call to the system that was refused: what was done, to which object, and what the kernel said.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted, a verb in lower case such as `connect`.
    public let operation: String
    /// The object: a path, a descriptor, a name.
    ///
    /// May be empty.
    public let subject: String
    /// The kernel's answer.
    public let errno: Errno

    /// An error with all its parts.
    public init(operation: String, subject: String, errno: Errno) {
        self.operation = operation
        self.subject = subject
        self.errno = errno
    }

    /// One sentence, such as `connect /run/romana/agent.sock: no such file or directory (ENOENT)`.
    public var description: String {
        subject.isEmpty ? "\(operation): \(errno)" : "\(operation) \(subject): \(errno)"
    }
}
