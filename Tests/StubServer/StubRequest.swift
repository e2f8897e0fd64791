/// What a client asked of a ``StubServer``.
public struct StubRequest: Sendable {
    /// The method.
    public let method: String
    /// The path with its query, as sent.
    public let path: String
    /// The header fields, names in lower case.
    public let headers: [(String, String)]
    /// The body.
    public let body: [UInt8]

    /// The value of a header field by its name in lower case.
    public subscript(header name: String) -> String? { headers.first { $0.0 == name }?.1 }
    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// What a ``StubServer`` answers.
public struct StubAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The body.
    public var body: [UInt8]
    /// Further header fields.
    public var headers: [(String, String)]

    /// An answer with a text as its body.
    public init(_ status: Int = 200, _ text: String = "", headers: [(String, String)] = []) {
        self.status = status
        self.body = Array(text.utf8)
        self.headers = headers
    }

    /// The answer as sent.
    public var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) Stub\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}
