import ArgumentParser

/// Where the daemon serves, and whom.
struct ServingOptions: ParsableArguments {
    @Option(help: "The address to listen on (default: localhost; in an agent, every address).")
    var host: String?
    @Option(help: "The port to listen on (default: 9600).")
    var port: Int?
    @Option(help: "Where others reach this daemon, ADDRESS:PORT (default: --host, or the node's address).")
    var advertise: String?
    @Option(help: "The certificate (PEM) to serve TLS with, with those between it and its authority.")
    var tlsCert: String?
    @Option(help: "The key of --tls-cert (PEM).")
    var tlsKey: String?
    @Option(help: "The authorities (PEM) that certificates of clients must come from; none are asked for without it.")
    var tlsClientCa: String?
    @Option(help: "The file of bearer tokens, one a line; requests must show one of them.")
    var tokenFile: String?

    func port(in environment: DaemonEnvironment) throws(DaemonError) -> Int {
        // Kubernetes sets variables named PORT to URLs for a service of that name; they are not ours.
        let variable = environment.value(nil, "port").flatMap { $0.contains("://") ? nil : $0 }
        guard let port = port ?? (variable == nil ? 9600 : variable.flatMap { Int($0) }), (0...65535).contains(port)
        else {
            throw DaemonError(.invalid, "read ROMANA_DAEMON_PORT: \"\(variable ?? "")\" is not a port")
        }
        return port
    }

    /// Refuses values that cannot be.
    func validate() throws {
        if let port, !(0...65535).contains(port) { throw ValidationError("--port \(port) is not a port") }
    }

    func certificate(in environment: DaemonEnvironment) throws(DaemonError) -> ServerCertificate? {
        let chain = environment.value(tlsCert, "tls-cert")
        let key = environment.value(tlsKey, "tls-key")
        let authority = environment.value(tlsClientCa, "tls-client-ca")
        switch (chain, key) {
        case (let chain?, let key?):
            return ServerCertificate(chainFile: chain, keyFile: key, clientAuthorityFile: authority)
        case (nil, nil):
            guard authority == nil else {
                throw DaemonError(.invalid, "read --tls-client-ca: it needs --tls-cert and --tls-key")
            }
            return nil
        default: throw DaemonError(.invalid, "read --tls-cert: it goes together with --tls-key")
        }
    }
}
