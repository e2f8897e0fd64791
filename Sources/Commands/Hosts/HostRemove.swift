import ArgumentParser
import HTTPTransfer

/// `romana host remove NAME...`.
struct HostRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove hosts, which frees their blocks.",
        discussion:
            "A host whose agent is alive, or whose blocks hold addresses of pods, is kept unless --force is given.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Names of hosts.", valueName: "host")) var names: [String]
    @Flag(help: "Remove a host even though its agent is alive or pods use its blocks.") var force = false

    func run() async throws {
        let session = try Session(options)
        try await session.each(names) { name throws(CommandError) in
            let answer = try await session.daemon.delete("/hosts/\(name.percentEncoded)\(force ? "?force=true" : "")")
            try session.confirm("Host \(name) is removed.", answer)
        }
    }
}
