import ArgumentParser
import CNIProtocol

/// `romana block list`.
struct BlockList: ViewCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the blocks.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/blocks")
        return View(document) { [BlockTable.table(of: document["blocks"]?.arrayValue ?? [])] }
    }
}
