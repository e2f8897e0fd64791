public import LinuxSystem
import Netlink

/// An operation on nf_tables that the kernel refused, and with it the whole transaction it was part of.
public struct NftError: Error, Hashable, Sendable, CustomStringConvertible {
    private let refusal: NetlinkError

    /// The operation as an `nft` command, such as `add element inet romana egress4 { 10.1.2.3 : goto out-12ab }`.
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
    public var description: String { "nft \(refusal)" }
}
