import ArgumentParser
import CNIProtocol

/// `romana block show CIDR...`.
struct BlockShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show blocks, or the block that an address is in.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("Prefixes of blocks, or addresses.", valueName: "cidr")) var prefixes: [BlockName]

    func view(_ session: Session) async throws(CommandError) -> View {
        let known = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        var blocks: [JSONValue] = []
        for wanted in prefixes {
            let found = known.filter(wanted.means)
            guard !found.isEmpty else { throw CommandError("show block \(wanted.text): no such block") }
            blocks += found
        }
        return View(.array(blocks)) { [blocks] in blocks.map(Self.table) }
    }

    private static func table(_ block: JSONValue) -> Table {
        var table = Table(
            title: "Block \(block["cidr"].shown)", [.init("Field", .key), .init("Value", .key)], empty: "")
        for (field, value) in block.members ?? [] where field != "cidr" {
            table.add([.init(field), .init(JSONValue?.some(value).shown)])
        }
        return table
    }
}
