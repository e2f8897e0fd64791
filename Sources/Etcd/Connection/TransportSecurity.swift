internal import NIOCore
internal import NIOSSL

/// Makes the TLS side of a connection; the files are read at every dial, so renewed certificates are taken up.
struct TransportSecurity: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    init(_ configuration: EtcdConfiguration, for endpoint: Endpoint) throws(EtcdError) {
        do {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv12
            tls.applicationProtocols = ["h2"]
            // A connection that failed is gone at once, rather than after five seconds of waiting for a farewell.
            tls.shutdownTimeout = .milliseconds(100)
            if let path = configuration.caFile {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            }
            if let path = configuration.certificateFile {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) }
            }
            if let path = configuration.keyFile {
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: path, format: .pem))
            }
            context = try NIOSSLContext(configuration: tls)
        } catch {
            let files = [configuration.caFile, configuration.certificateFile, configuration.keyFile]
            throw EtcdError(
                code: .authentication, operation: "read certificates",
                key: files.compactMap { $0 }.joined(separator: ", "), message: "\(error)",
                endpoint: endpoint.description)
        }
        // An address is no server name (RFC 6066, section 3); NIOSSL then checks the address that it connected to.
        let name = configuration.serverName ?? endpoint.host
        serverName = Self.isAddress(name) ? nil : name
    }

    func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }

    static func isAddress(_ name: String) -> Bool {
        (try? SocketAddress(ipAddress: name, port: 0)) != nil
    }
}
