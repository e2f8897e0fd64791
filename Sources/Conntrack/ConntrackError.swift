public import LinuxSystem
import Netlink

/// What the kernel refused to do with its table of connections: which operation, and what it said.
public struct ConntrackError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole operation in words, such as `delete connection tcp 10.0.0.1:1024 -> 10.0.0.2:80`.
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

    init(_ error: NetlinkError) {
        self.init(operation: error.operation, errno: error.errno, kernelText: error.kernelText)
    }

    /// One sentence: the operation, the error, and the kernel's explanation behind a semicolon.
    public var description: String {
        guard let kernelText, !kernelText.isEmpty else { return "\(operation): \(errno)" }
        return "\(operation): \(errno); \(kernelText)"
    }
}
