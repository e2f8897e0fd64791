/// Where a service of AWS is.
struct AWSEndpoint: Hashable, Sendable {
    /// An absolute URL that ends with `/`.
    let url: String
    /// Host and port as a client sends them.
    let host: String

    /// The endpoint that the environment names for the service, else the usual one of the region.
    ///
    /// - Parameter service: `ec2` or `sts`.
    init(_ service: String, region: String, environment: Environment) throws(AWSError) {
        let isIgnored = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() == "true"
        let names = isIgnored ? [] : ["AWS_ENDPOINT_URL_\(service.uppercased())", "AWS_ENDPOINT_URL"]
        let given = names.compactMap { name in environment(name).map { (name, $0) } }.first { !$0.1.isEmpty }
        guard let (name, text) = given else {
            guard Self.isName(region) else {
                throw AWSError(.configuration, "find \(service) in region \(region): that is no name of a region")
            }
            let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            host = "\(service).\(region).\(domain)"
            url = "https://\(host)/"
            return
        }
        guard let (scheme, authority) = Self.parts(text) else {
            throw AWSError(.configuration, "read \(name): \(text) is no URL of a server, such as https://HOST:PORT")
        }
        let port = scheme == "https" ? ":443" : ":80"
        host = authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
        url = "\(scheme)://\(authority)/"
    }

    private static func isName(_ region: String) -> Bool {
        !region.isEmpty
            && region.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// Scheme and authority of `http://HOST:PORT` or `http://HOST:PORT/`.
    private static func parts(_ text: String) -> (scheme: String, authority: String)? {
        for scheme in ["https", "http"] where text.lowercased().hasPrefix("\(scheme)://") {
            var authority = text.dropFirst(scheme.count + 3)
            while authority.hasSuffix("/") { authority.removeLast() }
            let isPlain = authority.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7f && !"/?#@".utf8.contains($0)
            }
            return authority.isEmpty || !isPlain ? nil : (scheme, authority.lowercased())
        }
        return nil
    }
}
