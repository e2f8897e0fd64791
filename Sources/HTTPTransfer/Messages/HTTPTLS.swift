/// The files of a TLS connection, all PEM; they are read anew for every connection.
public struct HTTPTLS: Hashable, Sendable {
    /// The authorities to trust, nil for the system's.
    public var caFile: String?
    /// The client's certificate, with its chain.
    public var certificateFile: String?
    /// The key of the client's certificate.
    public var keyFile: String?
    /// Whether the server must prove who it is.
    public var verifiesServer: Bool

    /// The system's authorities and no client certificate, unless said otherwise.
    public init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesServer: Bool = true
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesServer = verifiesServer
    }
}
