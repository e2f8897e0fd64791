import CCurl
import CCurlShims

extension Transfer {
    /// Tells libcurl everything about the request.
    func configure(isStream: Bool) throws(HTTPTransferError) {
        try refuseMalformed()
        do throws(EasyHandle.OptionRefused) {
            try setConnection()
            try setTLS()
            try setTimes(isStream: isStream)
            try setMessage()
        } catch {
            let code: HTTPTransferError.Code = error.code == CURLE_URL_MALFORMAT ? .invalidRequest : .other
            throw self.error(code, easy.text(of: error.code))
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard romana_curl_set_sinks(easy.pointer, takeHeadLine, takeBodyBytes, context) == CURLE_OK else {
            throw error(.other, "libcurl does not take its callbacks")
        }
    }

    private func setConnection() throws(EasyHandle.OptionRefused) {
        try easy.set(CURLOPT_URL, request.url)
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_UNIX_SOCKET_PATH, request.unixSocket)
        if !request.usesProxyEnvironment { try easy.set(CURLOPT_PROXY, "") }
        // No signals: libcurl is one of many in a process with threads.
        try easy.set(CURLOPT_NOSIGNAL, 1)
        try easy.set(CURLOPT_TCP_NODELAY, 1)
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try easy.set(CURLOPT_TCP_KEEPIDLE, 30)
        try easy.set(CURLOPT_TCP_KEEPINTVL, 10)
    }

    private func setTLS() throws(EasyHandle.OptionRefused) {
        // Else the system's authorities would be trusted besides.
        if request.tls.caFile != nil || request.tls.given?.ca != nil { try easy.clear(CURLOPT_CAPATH) }
        try easy.set(CURLOPT_CAINFO, request.tls.caFile)
        try easy.set(CURLOPT_SSLCERT, request.tls.certificateFile)
        try easy.set(CURLOPT_SSLKEY, request.tls.keyFile)
        if let given = request.tls.given {
            try easy.set(CURLOPT_CAINFO_BLOB, blob: given.ca)
            try easy.set(CURLOPT_SSLCERT_BLOB, blob: given.certificate)
            try easy.set(CURLOPT_SSLKEY_BLOB, blob: given.key)
        }
        try easy.set(CURLOPT_SSL_VERIFYPEER, request.tls.verifiesServer ? 1 : 0)
        try easy.set(CURLOPT_SSL_VERIFYHOST, request.tls.verifiesServer ? 2 : 0)
    }

    private func setTimes(isStream: Bool) throws(EasyHandle.OptionRefused) {
        let milliseconds = request.timeout.milliseconds
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        guard isStream else { return try easy.set(CURLOPT_TIMEOUT_MS, milliseconds) }
        guard let idle = request.idleTimeout else { return }
        try easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try easy.set(CURLOPT_LOW_SPEED_TIME, max(1, idle.milliseconds / 1000))
    }

    private func setMessage() throws(EasyHandle.OptionRefused) {
        switch (request.method, request.body) {
        case ("GET", nil): try easy.set(CURLOPT_HTTPGET, 1)
        case ("HEAD", _): try easy.set(CURLOPT_NOBODY, 1)
        case ("POST", let body): try easy.setBody(body ?? [])
        case (let method, let body?):
            try easy.setBody(body)
            try easy.set(CURLOPT_CUSTOMREQUEST, method)
        case (let method, nil): try easy.set(CURLOPT_CUSTOMREQUEST, method)
        }
        let given = Set(request.headers.map { $0.0.lowercased() })
        // libcurl would ask leave for large bodies (Expect) and call every body a form (Content-Type).
        for name in ["expect", "content-type"] where !given.contains(name) { try easy.addHeader("\(name):") }
        if !given.contains("user-agent") { try easy.addHeader("User-Agent: romana") }
        // A field without a value is spelled with a semicolon; with a colon it would mean: leave the field out.
        for (name, value) in request.headers { try easy.addHeader(value.isEmpty ? "\(name);" : "\(name): \(value)") }
    }

    /// Methods and fields reach libcurl as lines, so nothing in them may end a line.
    private func refuseMalformed() throws(HTTPTransferError) {
        guard Self.isToken(request.method) else { throw error(.invalidRequest, "the method is not one word") }
        for (name, value) in request.headers {
            guard Self.isToken(name), !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                throw error(.invalidRequest, "header field \(name) is not well formed")
            }
        }
        guard !request.url.utf8.contains(0), request.unixSocket?.utf8.contains(0) != true else {
            throw error(.invalidRequest, "the URL holds a zero byte")
        }
    }

    /// Whether a text is a token by RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }
}
