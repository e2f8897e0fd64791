/// One member of etcd, as named in the configuration.
struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    static let defaultPort = 2379

    let isSecure: Bool
    /// A name or an address, IPv6 without brackets.
    let host: String
    let port: Int

    /// `host:port`, IPv6 in brackets.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var description: String { (isSecure ? "https://" : "http://") + authority }

    /// Reads `http://host:port`, `https://host:port` or `host:port`.
    init(_ text: String, secureByDefault: Bool) throws(EtcdError) {
        func refusal(_ why: String) -> EtcdError {
            EtcdError(code: .invalid, operation: "read endpoint", key: text, message: why)
        }
        var rest = Substring(text)
        if let mark = rest.firstRange(of: "://") {
            switch rest[..<mark.lowerBound].lowercased() {
            case "http": isSecure = false
            case "https": isSecure = true
            default: throw refusal("the scheme is neither http nor https")
            }
            rest = rest[mark.upperBound...]
        } else {
            isSecure = secureByDefault
        }
        if let slash = rest.firstIndex(of: "/") {
            guard rest[rest.index(after: slash)...].isEmpty else { throw refusal("an endpoint has no path") }
            rest = rest[..<slash]
        }
        let host: Substring
        var port: Substring?
        if rest.hasPrefix("[") {
            guard let bracket = rest.firstIndex(of: "]") else { throw refusal("the bracket is not closed") }
            host = rest[rest.index(after: rest.startIndex)..<bracket]
            let tail = rest[rest.index(after: bracket)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw refusal("something follows the bracket") }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if rest.split(separator: ":", omittingEmptySubsequences: false).count > 2 {
            host = rest
        } else if let colon = rest.firstIndex(of: ":") {
            host = rest[..<colon]
            port = rest[rest.index(after: colon)...]
        } else {
            host = rest
        }
        guard !host.isEmpty else { throw refusal("the host is missing") }
        self.host = String(host)
        guard let port else {
            self.port = Self.defaultPort
            return
        }
        guard let number = Int(port), (1...65535).contains(number), !port.hasPrefix("+") else {
            throw refusal("\(port) is not a port")
        }
        self.port = number
    }
}
