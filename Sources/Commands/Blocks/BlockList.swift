import ArgumentParser
import CNIProtocol

/// `romana block list`.
struct BlockList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the blocks.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session = try Session(options)
        let document = try await session.daemon.get("/blocks")
        try session.show(document) { [BlockTable.table(of: document["blocks"]?.arrayValue ?? [])] }
    }
}
