/// What is asked of a server.
public struct HTTPRequest: Sendable {
    /// The method, `GET` unless said otherwise.
    public var method: String
    /// An absolute `http:` or `https:` URL.
    public var url: String
    /// Header fields, sent in this order.
    public var headers: [(String, String)]
    /// The body, nil for none.
    public var body: [UInt8]?
    /// How long the whole exchange may take; for a stream, until the head of the answer is there.
    public var timeout: Duration
    /// How long a stream may stay silent once its head is there, in whole seconds; nil for ever.
    public var idleTimeout: Duration?
    /// The path of a unix socket to connect to in place of the URL's host.
    public var unixSocket: String?
    /// Certificates for `https:`.
    public var tls: HTTPTLS
    /// The most bytes of a body that are kept, beyond which an answer is an error; streams have no such limit.
    public var maximumBodySize: Int
    /// Whether `https_proxy` and its kin in the environment count; services of the cluster are asked directly.
    public var usesProxyEnvironment: Bool

    /// A request, with what is usual for all that is not given.
    public init(
        method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(10), idleTimeout: Duration? = nil, unixSocket: String? = nil,
        tls: HTTPTLS = HTTPTLS(), maximumBodySize: Int = 64 << 20, usesProxyEnvironment: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.unixSocket = unixSocket
        self.tls = tls
        self.maximumBodySize = maximumBodySize
        self.usesProxyEnvironment = usesProxyEnvironment
    }

    /// What errors call the request: its method and its URL without the user's name and password.
    var operation: String {
        guard let scheme = url.range(ofFirst: "://") else { return "\(method) \(url)" }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let sign = authority.lastIndex(of: "@") else { return "\(method) \(url)" }
        return "\(method) \(url[..<scheme.upperBound])\(rest[rest.index(after: sign)...])"
    }
}

extension String {
    fileprivate func range(ofFirst text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
