/// What the daemon says when it cannot do as asked; every failure a client sees has this shape.
struct DaemonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sort of failure, which decides the HTTP status.
    enum Kind: Sendable, Hashable {
        /// The request itself is wrong: malformed, or a field that cannot be (400).
        case invalid
        /// The request shows no token that is known (401).
        case unauthorized
        /// The thing named is not there (404).
        case missing
        /// The path has no such method; `allow` lists those it has (405).
        case method(allow: String)
        /// No representation that the client accepts (406).
        case notAcceptable
        /// The client did not send its request in time (408).
        case slowClient
        /// The request contradicts what the cluster holds (409).
        case conflict
        /// The body is larger than the daemon reads (413).
        case tooLarge
        /// A body of a type the daemon does not read (415).
        case unsupportedType
        /// The body is well formed and names something that is not there, or nothing (422).
        case unusable
        /// A defect of the daemon's own (500).
        case defect
        /// etcd is out of reach, or not read yet, or did not answer in time (503).
        case unavailable
    }

    /// The sort of failure.
    var kind: Kind
    /// A sentence: doing what, to which object, what the other side said.
    var details: String
    /// The noun of the thing it is about (`host`, `block`, `URI`), empty when there is none.
    var resourceType: String
    /// The name of the thing it is about, empty when there is none.
    var resourceID: String
    /// Everything that is wrong, where `details` sums several things up; else empty.
    var problems: [Problem]

    /// Makes an error about the thing `type` named `id`.
    init(_ kind: Kind, _ details: String, type: String = "", id: String = "", problems: [Problem] = []) {
        self.kind = kind
        self.details = details
        self.resourceType = type
        self.resourceID = id
        self.problems = problems
    }

    /// The sentence.
    var description: String { details }

    /// Whether the request is refused for what the cluster holds, which a mirror that is behind may show wrongly.
    var isFinal: Bool { kind == .missing || kind == .conflict || kind == .unusable }

    /// The HTTP status of this failure (RFC 9110 section 15).
    var statusCode: Int {
        switch kind {
        case .invalid: 400
        case .unauthorized: 401
        case .missing: 404
        case .method: 405
        case .notAcceptable: 406
        case .slowClient: 408
        case .conflict: 409
        case .tooLarge: 413
        case .unsupportedType: 415
        case .unusable: 422
        case .defect: 500
        case .unavailable: 503
        }
    }
}
