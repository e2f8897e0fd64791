import CNIProtocol
import HTTPTransfer

/// What a command runs with: options first, then the environment, then the settings file, then defaults.
struct Settings: Sendable {
    /// Where daemons are, in the order in which they are tried.
    let daemons: [DaemonAddress]
    /// Whether nobody said where daemons are, so that an agent may be asked.
    let isDaemonUnnamed: Bool
    /// How results are printed.
    let format: OutputFormat
    /// Whether each request is told.
    let isVerbose: Bool
    /// The agent to ask when no option names one.
    let agentSocket: String
    /// Certificates for daemons behind `https:`.
    let tls: HTTPTLS
    /// What is shown to the daemon, nil for nothing.
    let token: String?

    /// Where a daemon listens unless said otherwise; tests say so, as one may well be there.
    @TaskLocal static var defaultRootURL = "http://localhost:9600"

    init(_ options: GlobalOptions, console: Console) throws(CommandError) {
        let sources = SettingsSources(
            file: try SettingsFile.find(named: options.config, console: console), variable: console.variable)
        let named = options.rootURL.map { (text: $0, origin: "--rootURL") } ?? Self.rootURL(in: sources)
        daemons = try DaemonAddress.list(named?.text ?? Self.defaultRootURL, origin: named?.origin ?? "the default")
        isDaemonUnnamed = named == nil
        // A wrong setting is told even where an option overrides it.
        let format = try Self.format(in: sources)
        self.format = options.format ?? format
        let verbose = sources["Verbose"]?.text.lowercased() ?? ""
        isVerbose = options.verbose || !["", "false", "no", "off", "0"].contains(verbose)
        agentSocket = sources["AgentSocket"]?.text ?? AgentSocket.defaultPath
        tls = try Self.tls(options, sources)
        token = try Self.token(options, sources)
    }

    /// The service's variables stand in every pod of its namespace, so what others say on purpose comes first.
    private static func rootURL(in sources: SettingsSources) -> SettingsSources.Found? {
        for name in ["ROMANA_ROOTURL", "ROMANA_DAEMON_URL", "ROOTURL"] {
            if let named = sources.variable(name) { return named }
        }
        if let host = sources.variable("ROMANA_SERVICE_HOST") {
            let port = sources.variable("ROMANA_SERVICE_PORT_DAEMON")?.text ?? "9600"
            return ("http://\(host.text.contains(":") ? "[\(host.text)]" : host.text):\(port)", host.origin)
        }
        return sources.file("RootURL")
    }

    private static func format(in sources: SettingsSources) throws(CommandError) -> OutputFormat {
        guard let named = sources["Format"] else { return .table }
        guard let format = OutputFormat(rawValue: named.text.lowercased()) else {
            throw CommandError(
                "the format is \"\(named.text)\" by \(named.origin): table, json and yaml are known", kind: .usage)
        }
        return format
    }

    private static func tls(_ options: GlobalOptions, _ sources: SettingsSources) throws(CommandError) -> HTTPTLS {
        let certificate = options.cert ?? sources["Cert"]?.text
        let key = options.key ?? sources["Key"]?.text
        guard certificate != nil || key == nil else {
            throw CommandError("--key goes with --cert, which names the certificate of the key", kind: .usage)
        }
        return HTTPTLS(
            caFile: options.cacert ?? sources["CACert"]?.text, certificateFile: certificate, keyFile: key ?? certificate
        )
    }

    /// What an option says counts more than what a variable says, whichever of the two ways is taken.
    private static func token(_ options: GlobalOptions, _ sources: SettingsSources) throws(CommandError) -> String? {
        if let token = options.token { return token }
        if let path = options.tokenFile { return try SettingsFile.text(of: path) }
        for source in [sources.environment, sources.file] {
            if let token = source("Token") { return token.text }
            if let path = source("TokenFile") { return try SettingsFile.text(of: path.text) }
        }
        return nil
    }
}
