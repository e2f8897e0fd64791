/// What went wrong with a service of AWS, as one sentence.
public struct AWSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Hashable, Sendable {
        /// What we are told cannot be used: a region, an endpoint, a file.
        case configuration
        /// No credentials are to be had, or AWS does not take those that we have.
        case credentials
        /// The role or user may not do that.
        case denied
        /// We ask too much, even after waiting.
        case throttled
        /// There is no such instance, interface, table or route.
        case notFound
        /// There is such a route already.
        case exists
        /// A quota is full.
        case limit
        /// AWS takes the request for wrong; asking again does not help.
        case invalid
        /// No answer, or one that says to come later.
        case unavailable
        /// The answer makes no sense, or ends in its middle.
        case garbled
        /// The task was cancelled.
        case cancelled
        /// Anything else, as the sentence says.
        case other
    }

    /// The kind of failure.
    public var code: Code
    /// The whole sentence: doing what, to which object, what the other side said.
    public var description: String
    /// The name that AWS has for the failure, `RouteLimitExceeded`; empty if AWS said none.
    public var name: String

    /// An error that says `description`.
    public init(_ code: Code = .other, _ description: String, name: String = "") {
        self.code = code
        self.description = description
        self.name = name
    }
}
