import ArgumentParser
import CNIProtocol

/// `romana block map`.
struct BlockMap: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Draw how full the blocks of each network, group and host are.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Option(name: .customLong("network"), help: "Only this network; may be given more than once.")
    var networks: [String] = []

    func view(_ session: Session) async throws(CommandError) -> View {
        var document = try await session.daemon.get("/v1/blocks")
        if !networks.isEmpty {
            let blocks = (document["blocks"]?.arrayValue ?? []).filter { networks.contains($0["network"].shown) }
            document = document.replacing("blocks", .array(blocks))
        }
        return View(document) { [document] in [BlockPicture(document["blocks"]?.arrayValue ?? [])] }
    }
}
