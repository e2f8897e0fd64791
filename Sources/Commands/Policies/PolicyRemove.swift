import ArgumentParser
import HTTPTransfer

/// `romana policy remove ID...`.
struct PolicyRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove policies of Romana's own.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Ids of policies.", valueName: "id")) var ids: [String]

    func run() async throws {
        let session = try Session(options)
        try await session.each(ids) { id throws(CommandError) in
            let answer = try await session.daemon.delete("/policies/\(id.percentEncoded)")
            try session.confirm("Policy \(id) is removed.", answer)
        }
    }
}
