import Addresses
import ArgumentParser
import CNIProtocol

/// `romana block show CIDR...`.
struct BlockShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show blocks, or the block that an address is in.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp("Prefixes of blocks, or addresses.", valueName: "cidr")) var prefixes: [BlockName]

    func run() async throws {
        let session = try Session(options)
        let known = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        var blocks: [JSONValue] = []
        for wanted in prefixes {
            let found = known.filter { $0["cidr"]?.stringValue.flatMap { IPPrefix($0) }.map(wanted.means) ?? false }
            guard !found.isEmpty else { throw CommandError("show block \(wanted.text): no such block") }
            blocks += found
        }
        try session.show(.array(blocks)) { blocks.map(Self.table) }
    }

    private static func table(_ block: JSONValue) -> Table {
        var table = Table(title: "Block \(block["cidr"].shown)", [.init("Field"), .init("Value")], empty: "")
        for (field, value) in block.members ?? [] where field != "cidr" {
            table.add([.init(field), .init(JSONValue?.some(value).shown)])
        }
        return table
    }
}

/// How a block is named on the command line.
struct BlockName: ExpressibleByArgument {
    let text: String
    private let prefix: IPPrefix

    init?(argument: String) {
        guard let prefix = IPPrefix(argument) ?? IPAddress(argument)?.hostPrefix else { return nil }
        self.prefix = prefix
        text = argument
    }

    /// Whether this names the block: its prefix, or an address in it.
    func means(_ block: IPPrefix) -> Bool {
        prefix == block || (prefix.length == prefix.family.bits && block.contains(prefix))
    }
}
