public import HTTPTransfer
import LinuxSystem

/// Where the API server is, and how we show it who we are.
public struct KubernetesConfiguration: Hashable, Sendable {
    /// Its base address, without a slash at the end: `https://10.96.0.1:443`.
    public var server: String
    /// Certificates; files are read for every connection, so that they can be replaced meanwhile.
    public var tls: HTTPTLS
    /// The file with the bearer token, read for every request, so that it can be replaced meanwhile.
    public var tokenFile: String?
    /// The bearer token itself, where there is no file of it.
    public var token: String?

    /// An API server by its address.
    public init(
        server: String, tls: HTTPTLS = HTTPTLS(), tokenFile: String? = nil, token: String? = nil
    ) throws(KubernetesAPIError) {
        let isPlain = server.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        guard server.hasPrefix("https://") || server.hasPrefix("http://"), isPlain,
            !server.contains("?"), !server.contains("#"), server.split(separator: "/").count > 1
        else {
            throw KubernetesAPIError(
                .configuration, "API server \"\(server)\": not the address of one, as in https://HOST:PORT")
        }
        self.server = server
        while self.server.hasSuffix("/") { self.server.removeLast() }
        self.tls = tls
        self.tokenFile = tokenFile
        self.token = token
    }

    /// The header fields that show who we are.
    func credentials() throws(KubernetesAPIError) -> [(String, String)] {
        guard let tokenFile else { return token.map { [("Authorization", "Bearer \($0)")] } ?? [] }
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.readFile(tokenFile, limit: 1 << 20)
        } catch {
            throw KubernetesAPIError(.configuration, "read the token for the API server: \(error)")
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw KubernetesAPIError(.configuration, "read the token for the API server: \(tokenFile) holds none")
        }
        return [("Authorization", "Bearer \(text)")]
    }
}
