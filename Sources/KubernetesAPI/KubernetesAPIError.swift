/// What went wrong with the API server, as one sentence.
public struct KubernetesAPIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Hashable, Sendable {
        /// What we are told of the API server cannot be used: a file, an address.
        case configuration
        /// No answer, or none that makes sense.
        case unreachable
        /// The API server does not know who we are (401).
        case unauthorized
        /// It does not allow that (403).
        case forbidden
        /// There is no such object or kind (404).
        case notFound
        /// It is there already, or was changed meanwhile (409).
        case conflict
        /// The asked version is gone from the history (410).
        case expired
        /// We ask too much (429).
        case busy
        /// It cannot answer for now (5xx).
        case unavailable
        /// The answer is longer than we take.
        case tooLarge
        /// The task was cancelled.
        case cancelled
        /// Anything else, as the sentence says.
        case other
    }

    /// The kind of failure.
    public var code: Code
    /// The whole sentence: doing what, to which object, what the other side said.
    public var description: String

    /// An error that says `description`.
    public init(_ code: Code = .other, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension KubernetesAPIError.Code {
    /// The kind of failure that a status of HTTP or of an error object is.
    init(status: Int) {
        self =
            switch status {
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 409: .conflict
            case 410: .expired
            case 429: .busy
            case 500...: .unavailable
            default: .other
            }
    }
}
