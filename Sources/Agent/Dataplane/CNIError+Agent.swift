import CNIProtocol
import LinuxSystem
import Netlink

extension CNIError.Code {
    /// The journal could not be written.
    static let journal = CNIError.Code(rawValue: 110)
}

extension CNIError {
    /// The kernel refused an operation; the message says which and why.
    static func kernel(_ error: NetlinkError) -> CNIError {
        CNIError(.kernelRefused, "\(error)")
    }

    /// The journal could not be written, so nothing may be promised.
    static func journal(_ error: SystemError) -> CNIError {
        CNIError(.journal, "\(error)")
    }
}
