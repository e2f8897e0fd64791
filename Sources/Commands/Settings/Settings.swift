import CNIProtocol

/// What a command runs with: options first, then the environment, then the settings file, then defaults.
struct Settings {
    /// Where the daemon is, without a slash at its end.
    let rootURL: String
    /// How results are printed.
    let format: OutputFormat
    /// Whether each request is told.
    let isVerbose: Bool
    /// The agent to ask when no option names one.
    let agentSocket: String

    /// Where a daemon listens unless said otherwise.
    static let defaultRootURL = "http://127.0.0.1:9600"

    init(_ options: GlobalOptions, console: Console) throws(CommandError) {
        let file = try SettingsFile.find(named: options.config, console: console)
        // Under the bare name too, as the original had it.
        func value(_ key: String) -> String? {
            let name = key.uppercased()
            let candidates = [console.variable("ROMANA_" + name), console.variable(name), file[key]]
            return candidates.compactMap { $0 }.first { !$0.isEmpty }
        }
        rootURL = try Self.checked(rootURL: options.rootURL ?? value("RootURL") ?? Self.defaultRootURL)
        let format = try Self.format(named: value("Format"))
        self.format = options.format ?? format
        isVerbose = options.verbose || !["", "false", "no", "0"].contains(value("Verbose")?.lowercased() ?? "")
        agentSocket = value("AgentSocket") ?? AgentSocket.defaultPath
    }

    private static func checked(rootURL text: String) throws(CommandError) -> String {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw CommandError("the root URL is \"\(text)\": it begins with http:// or https://")
        }
        return text
    }

    private static func format(named name: String?) throws(CommandError) -> OutputFormat {
        guard let name else { return .table }
        guard let format = OutputFormat(rawValue: name.lowercased()) else {
            throw CommandError("the format is \"\(name)\": table, json and yaml are known")
        }
        return format
    }
}
