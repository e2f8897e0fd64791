import FoundationEssentials
import HTTPTransfer
import LinuxSystem

/// What a daemon that asks for it is shown: files, all read anew when they are needed, so that they can be replaced.
public struct DaemonAccess: Sendable, Hashable {
    /// The authority of daemons' certificates (PEM); nil for the system's.
    public var caFile: String?
    /// The agent's certificate (PEM); nil for none.
    public var certificateFile: String?
    /// The key of that certificate (PEM).
    public var keyFile: String?
    /// A bearer token; nil for none.
    public var tokenFile: String?

    /// Nothing is shown, and the system's authorities are trusted, unless said otherwise.
    public init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, tokenFile: String? = nil
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.tokenFile = tokenFile
    }

    /// The files of a connection.
    var tls: HTTPTLS { HTTPTLS(caFile: caFile, certificateFile: certificateFile, keyFile: keyFile) }

    /// The headers of a request; throws when the token cannot be read.
    func headers() throws(SystemError) -> [(String, String)] {
        guard let tokenFile else { return [] }
        let text = String(decoding: try FileSystem.readFile(tokenFile, limit: 64 << 10), as: UTF8.self)
        // Of a file with several, as the daemon reads, the first.
        let token = text.split(whereSeparator: \.isNewline).first.map { $0.trimmingPrefix { $0 == " " } } ?? ""
        return [("Authorization", "Bearer \(token)")]
    }
}
