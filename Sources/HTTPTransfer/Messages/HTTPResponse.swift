/// A whole answer.
public struct HTTPResponse: Sendable {
    /// Status and header fields.
    public let head: HTTPResponseHead
    /// The body, empty if there is none.
    public let body: [UInt8]

    /// An answer with its parts.
    public init(head: HTTPResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// The status, 200 to 599.
    public var status: Int { head.status }
    /// The header fields in their order.
    public var headers: [(String, String)] { head.headers }
    /// The value of a header field, nil if it is not there; upper and lower case are the same.
    public subscript(header name: String) -> String? { head[header: name] }
}

/// What comes before the body of an answer.
public struct HTTPResponseHead: Sendable {
    /// The status, 200 to 599.
    public let status: Int
    /// The header fields in their order.
    public let headers: [(String, String)]

    /// A head with its parts.
    public init(status: Int, headers: [(String, String)]) {
        self.status = status
        self.headers = headers
    }

    /// The value of a header field, nil if it is not there; upper and lower case are the same.
    public subscript(header name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.0.lowercased() == wanted }?.1
    }
}
