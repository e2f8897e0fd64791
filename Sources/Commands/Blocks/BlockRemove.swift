import ArgumentParser
import CNIProtocol

/// `romana block remove CIDR...`.
struct BlockRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take blocks back from their hosts.",
        discussion: """
            A block of which addresses are in use is kept. A running agent gives its idle blocks back itself, and asks \
            for another where one is missed: this is for blocks of hosts whose agent is gone.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Prefixes of blocks, or addresses in them.", valueName: "cidr"))
    var prefixes: [BlockName]

    func run() async throws {
        let session = try Session(options)
        let known = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        try await session.each(prefixes) { wanted throws(CommandError) in
            guard let block = known.first(where: wanted.means) else {
                throw CommandError("remove block \(wanted.text): no such block")
            }
            let (cidr, host) = (block["cidr"].shown, block["host"].shown)
            let answer = try await session.daemon.delete("/v1/hosts/\(host.asPathPart)/blocks/\(cidr.asPathPart)")
            try session.confirm("Block \(cidr) is taken back from host \(host).", answer)
        }
    }
}
