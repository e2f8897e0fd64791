/// The certificates of a TLS connection, all PEM; files are read anew for every connection.
public struct HTTPTLS: Hashable, Sendable {
    /// The authorities to trust, nil for the system's.
    public var caFile: String?
    /// The client's certificate, with its chain.
    public var certificateFile: String?
    /// The key of the client's certificate.
    public var keyFile: String?
    /// What is given in place of files.
    public var given: Given?
    /// Whether the server must prove who it is.
    public var verifiesServer: Bool

    /// PEM texts that are in no file; each takes the place of the file of its kind.
    public struct Given: Hashable, Sendable {
        /// The authorities to trust.
        public var ca: [UInt8]?
        /// The client's certificate, with its chain.
        public var certificate: [UInt8]?
        /// The key of the client's certificate.
        public var key: [UInt8]?

        /// Texts; nil leaves it to the file.
        public init(ca: [UInt8]? = nil, certificate: [UInt8]? = nil, key: [UInt8]? = nil) {
            self.ca = ca
            self.certificate = certificate
            self.key = key
        }
    }

    /// The system's authorities and no client certificate, unless said otherwise.
    public init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, given: Given? = nil,
        verifiesServer: Bool = true
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.given = given
        self.verifiesServer = verifiesServer
    }
}
