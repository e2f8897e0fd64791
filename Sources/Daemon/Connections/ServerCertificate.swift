import NIOSSL

/// The files that the daemon serves TLS with, PEM.
struct ServerCertificate: Sendable, Equatable {
    /// The certificate and those between it and its authority.
    var chainFile: String
    /// The key of the certificate.
    var keyFile: String
    /// The authorities of clients' certificates; nil when none is asked for.
    var clientAuthorityFile: String?

    /// The context of new connections, made again when a file changes.
    ///
    /// Throws an invalid request that names the files when they cannot be used.
    func context(_ renewal: Renewal) throws(DaemonError) -> Renewed<NIOSSLContext> {
        let files = [chainFile, keyFile] + (clientAuthorityFile.map { [$0] } ?? [])
        return try Renewed(files: files, renewal) { () throws(DaemonError) in try load() }
    }

    private func load() throws(DaemonError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(chainFile).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            if let clientAuthorityFile {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientAuthorityFile))
                // Whoever has a certificate of the authority is let in, whatever its name.
                configuration.certificateVerification = .noHostnameVerification
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let files = [chainFile, keyFile, clientAuthorityFile].compactMap { $0 }.joined(separator: ", ")
            throw DaemonError(.invalid, "serve TLS with \(files): \(error)")
        }
    }
}
