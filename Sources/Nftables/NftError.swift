public import LinuxSystem

/// An operation on nf_tables that the kernel refused, and with it the whole transaction it was part of.
public struct NftError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation as an `nft` command, such as `add element inet romana egress4 { 10.1.2.3 : goto out-12ab }`.
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
        guard let kernelText, !kernelText.isEmpty else { return "nft \(operation): \(errno)" }
        return "nft \(operation): \(errno); \(kernelText)"
    }
}
