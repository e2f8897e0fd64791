import HTTPTransfer
import LinuxSystem

/// Why a command did not do what it should: one sentence for the operator.
struct CommandError: Error, CustomStringConvertible {
    /// The sentence, lower case, without the program's name.
    let description: String

    init(_ description: String) { self.description = description }

    init(_ error: HTTPTransferError, rootURL: String) {
        switch error.code {
        case .connect, .resolve: description = "\(error); is the daemon at \(rootURL)? --rootURL names another"
        default: description = "\(error)"
        }
    }

    init(_ error: SystemError) { description = "\(error)" }
}
