public import LinuxSystem

/// An operation that the kernel refused: which, and what the kernel said.
public struct NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole operation in words, such as `add route 10.0.0.0/24 via 10.0.0.7 table 10`.
    public let operation: String
    /// The kernel's answer.
    public let errno: Errno
    /// The kernel's own explanation (extended acknowledgement), if it gave one.
    public let kernelText: String?

    /// An error with all its parts.
    public init(operation: String, errno: Errno, kernelText: String? = nil) {
        self.operation = operation
        self.errno = errno
        self.kernelText = kernelText
    }

    /// One sentence: the operation, the error, and the kernel's explanation behind a semicolon.
    public var description: String {
        guard let kernelText, !kernelText.isEmpty else { return "\(operation): \(errno)" }
        return "\(operation): \(errno); \(kernelText)"
    }
}
