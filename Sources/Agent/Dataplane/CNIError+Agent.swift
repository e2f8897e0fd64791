import CNIProtocol
import LinuxSystem
import Netlink
import Nftables

extension CNIError.Code {
    /// The journal could not be written.
    static let journal = CNIError.Code(rawValue: 110)
    /// The pod's policy could not be written, so no traffic may be let through.
    static let policy = CNIError.Code(rawValue: 111)
}

extension CNIError {
    /// The kernel refused an operation; the message says which and why.
    static func kernel(_ error: NetlinkError) -> CNIError {
        CNIError(.kernelRefused, "\(error)")
    }

    /// The kernel refused the pod's policy.
    static func policy(_ error: NftError) -> CNIError {
        CNIError(.policy, "\(error)")
    }

    /// The journal could not be written, so nothing may be promised.
    static func journal(_ error: SystemError) -> CNIError {
        CNIError(.journal, "\(error)")
    }
}
