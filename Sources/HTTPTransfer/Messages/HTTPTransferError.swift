/// A request that brought no answer; an answer of any status is not an error.
public struct HTTPTransferError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked: `GET http://127.0.0.1:9600/hosts`.
    public let operation: String
    /// What kind of failure it is.
    public let code: Code
    /// What happened, as part of a sentence.
    public let message: String

    /// States a failure.
    public init(operation: String, code: Code, message: String) {
        self.operation = operation
        self.code = code
        self.message = message
    }

    /// What a caller may want to tell apart.
    public enum Code: Hashable, Sendable {
        /// The request itself cannot be sent: its URL, method or a header field is not well formed.
        case invalidRequest
        /// The name of the host is not known.
        case resolve
        /// No connection came about.
        case connect
        /// The time was up.
        case timeout
        /// The two sides do not trust each other, or a certificate cannot be read.
        case tls
        /// The connection ended before the answer did.
        case closed
        /// What came back is not HTTP.
        case invalidResponse
        /// The answer is longer than the request allows.
        case tooLarge
        /// The task was cancelled or the client shut down.
        case cancelled
        /// Anything else.
        case other
    }

    /// `GET http://127.0.0.1:9600/hosts: connection refused (ECONNREFUSED)`.
    public var description: String { "\(operation): \(message)" }
}
