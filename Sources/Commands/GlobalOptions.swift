import ArgumentParser

/// The options that every command takes, before or after its words.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("Read settings from this file.", valueName: "file"))
    var config: String?

    @Option(
        name: [.short, .customLong("rootURL")],
        help: ArgumentHelp("Where the daemon is (default: \(Settings.defaultRootURL)).", valueName: "url"))
    var rootURL: String?

    @Option(name: [.short, .long], help: "How to print: table, json or yaml (default: table).")
    var format: OutputFormat?

    @Flag(name: [.short, .long], help: "Tell more: each request, and further tables.")
    var verbose = false

    /// The original's choice of platform; there is one.
    @Option(name: [.customShort("P"), .long], help: .hidden)
    var platform: String?
}

/// The option of commands that ask agents.
struct AgentOptions: ParsableArguments {
    @Option(
        name: .customLong("agent-socket"),
        help: ArgumentHelp(
            "An agent to ask; may be given more than once (default: /run/romana/agent.sock).", valueName: "path"))
    var sockets: [String] = []
}
