/// What went wrong with a call, a watch or a lease.
public struct EtcdError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Sendable, Hashable {
        /// No member answers, or none knows a leader. A write that failed so may have been made all the same.
        case unavailable
        /// The deadline passed. A write that failed so may have been made all the same.
        case deadlineExceeded
        /// The asked revision is gone from the history; the number is the first that is still there, 0 if unknown.
        case compacted(Int64)
        /// The lease does not exist (any more).
        case leaseNotFound
        /// Wrong user, password or certificate, or no permission.
        case authentication
        /// etcd refuses the request as it stands; repeating it does not help.
        case invalid
        /// The task was cancelled, or the client has stopped.
        case cancelled
        /// Anything else, as the message says.
        case other
    }

    /// The kind of failure.
    public var code: Code
    /// What was being done: `put`, `watch`, `connect`.
    public var operation: String
    /// What it was done to, if anything: a key, a prefix, a lease.
    public var key: String
    /// What the other side, or the system, said.
    public var message: String
    /// Whom it was asked of, empty if it never got that far.
    public var endpoint: String

    /// Describes a failure.
    public init(code: Code, operation: String, key: String = "", message: String, endpoint: String = "") {
        self.code = code
        self.operation = operation
        self.key = key
        self.message = message
        self.endpoint = endpoint
    }

    /// As in `put /romana/topology at http://10.0.0.1:2379: etcdserver: no leader (unavailable)`.
    public var description: String {
        var text = operation
        if !key.isEmpty { text += " \(key)" }
        if !endpoint.isEmpty { text += " at \(endpoint)" }
        return "\(text): \(message) (\(code))"
    }
}

extension EtcdError.Code: CustomStringConvertible {
    /// The kind of failure in words.
    public var description: String {
        switch self {
        case .unavailable: "unavailable"
        case .deadlineExceeded: "deadline exceeded"
        case .compacted(let revision): revision > 0 ? "compacted up to \(revision)" : "compacted"
        case .leaseNotFound: "lease not found"
        case .authentication: "not authorized"
        case .invalid: "invalid request"
        case .cancelled: "cancelled"
        case .other: "other"
        }
    }
}
