import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// `romana network blackout`.
struct BlackoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blackout", abstract: "Addresses of a network that no pod gets.",
        subcommands: [BlackoutList.self, BlackoutAdd.self, BlackoutRemove.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions

    /// The path of a network's blackouts.
    static func path(_ network: String) -> String { "/v1/networks/\(network.percentEncoded)/blackouts" }
}

/// `romana network blackout list NETWORK`.
struct BlackoutList: ViewCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the blackouts of a network.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: "The network.") var network: String

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get(BlackoutCommand.path(network))
        return View(document) { [network] in
            [Self.table(document["blackouts"]?.arrayValue ?? [], empty: "Network \(network) has no blackouts.")]
        }
    }

    /// One row a blackout.
    static func table(_ blackouts: [JSONValue], title: String? = nil, empty: String) -> Table {
        var table = Table(
            title: title,
            [
                .init("Blackout CIDR", .key), .init("Revision", isNumber: true, .minor),
                .init("Blocks In Use", isNumber: true), .init("Reason"),
            ], empty: empty)
        for blackout in blackouts {
            let used = blackout["blocks_in_use"]?.arrayValue?.count ?? 0
            table.add([
                .init(blackout["cidr"].shown), .init(blackout["revision"].shown),
                .init("\(used)", used > 0 ? .warning : .plain), .init(blackout["reason"].shown),
            ])
        }
        return table
    }
}

/// `romana network blackout add NETWORK CIDR`.
struct BlackoutAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Keep addresses of a network from pods.",
        discussion: """
            What pods have of it they keep: the blocks in use are listed with it until they are empty. The same again \
            changes the reason.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: "The network.") var network: String
    @Argument(help: ArgumentHelp("The addresses, a part of the network.", valueName: "cidr")) var prefix: PrefixArgument
    @Option(help: ArgumentHelp("Why, for those who come later.", valueName: "text")) var reason: String?

    func run() async throws {
        let session = try Session(options)
        var body: [(key: String, value: JSONValue)] = [(key: "cidr", value: .string(prefix.text))]
        if let reason { body.append((key: "reason", value: .string(reason))) }
        let answer = try await session.daemon.post(BlackoutCommand.path(network), .object(body))
        let used = (answer["blocks_in_use"]?.arrayValue ?? []).compactMap(\.stringValue)
        let kept = used.isEmpty ? "" : " Still in use: \(used.joined(separator: ", "))."
        try session.confirm("No further pod gets an address of \(prefix.text) in network \(network).\(kept)", answer)
    }
}

/// `romana network blackout remove NETWORK CIDR`.
struct BlackoutRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let pods have addresses again.",
        discussion: "CIDR is one that `romana network blackout list` shows.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: "The network.") var network: String
    @Argument(help: ArgumentHelp("The addresses.", valueName: "cidr")) var prefix: PrefixArgument

    func run() async throws {
        let session = try Session(options)
        let answer = try await session.daemon.delete("\(BlackoutCommand.path(network))/\(prefix.text.percentEncoded)")
        try session.confirm("Pods may get addresses of \(prefix.text) in network \(network).", answer)
    }
}
