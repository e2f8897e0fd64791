import ArgumentParser

/// The options that every command takes, before or after its words.
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Read settings from this file.", valueName: "file"), completion: .file())
    var config: String?

    @Option(
        name: [.short, .customLong("rootURL")],
        help: ArgumentHelp(
            "Where the daemon is; several with commas between are tried in turn (default: \(Settings.defaultRootURL)).",
            valueName: "url"))
    var rootURL: String?

    @Option(name: [.short, .long], help: "How to print (default: table).")
    var format: OutputFormat?

    @Flag(name: [.short, .long], help: "Tell more: each request, and further tables.")
    var verbose = false

    @Option(
        help: ArgumentHelp("Trust a daemon whose certificate comes from these authorities (PEM).", valueName: "file"),
        completion: .file())
    var cacert: String?

    @Option(help: ArgumentHelp("The certificate to show to the daemon (PEM).", valueName: "file"), completion: .file())
    var cert: String?

    @Option(
        help: ArgumentHelp("The key of that certificate (PEM; default: in the same file).", valueName: "file"),
        completion: .file())
    var key: String?

    @Option(help: ArgumentHelp("The bearer token to show; others see it in the list of processes.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("The file that has the bearer token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    /// The original's choice of platform; there is one.
    @Option(name: [.customShort("P"), .long], help: .hidden)
    var platform: String?
}
