public import LinuxSystem
import Netlink

/// What the kernel refused to do with its table of connections: which operation, and what it said.
public struct ConntrackError: Error, Hashable, Sendable, CustomStringConvertible {
    private let refusal: NetlinkError

    /// The whole operation in words, such as `delete connection tcp 10.0.0.1:1024 -> 10.0.0.2:80`.
    public var operation: String { refusal.operation }
    /// The kernel's answer.
    public var errno: Errno { refusal.errno }
    /// The kernel's own explanation (extended acknowledgement), if it gave one.
    public var kernelText: String? { refusal.kernelText }

    /// An error with all its parts.
    public init(operation: String, errno: Errno, kernelText: String? = nil) {
        self.init(NetlinkError(operation: operation, errno: errno, kernelText: kernelText))
    }

    init(_ refusal: NetlinkError) { self.refusal = refusal }

    /// One sentence: the operation, the error, and the kernel's explanation behind a semicolon.
    public var description: String { refusal.description }
}
