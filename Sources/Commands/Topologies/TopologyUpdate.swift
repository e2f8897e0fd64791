import ArgumentParser
import CNIProtocol

/// `romana topology update [FILE]`.
struct TopologyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Replace the topology with that of a file or of standard input.",
        discussion: """
            The document is JSON or YAML. What pods use is kept, or the daemon refuses and lists what stands in the \
            way; with --dry-run it only tells what would change.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(
        help: ArgumentHelp("The file; without one, or with -, standard input.", valueName: "file"),
        completion: .file())
    var file: String?
    @Flag(help: "Only show what would change.") var dryRun = false

    func run() async throws {
        let session = try Session(options)
        let document = try DocumentSource("topology", file: file).read(session.console)
        try await TopologySubmission(document: document, isDryRun: dryRun).send(
            session, done: "The topology is updated.")
    }
}
