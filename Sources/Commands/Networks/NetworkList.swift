import ArgumentParser
import CNIProtocol

/// `romana network list`.
struct NetworkList: ViewCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the networks.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/networks")
        return View(document) {
            var table = Table(
                [
                    .init("Network Name", .key), .init("Network CIDR", .key),
                    .init("Revision", isNumber: true, .minor),
                ], empty: "There are no networks.")
            for network in document.arrayValue ?? [] {
                table.add(["id", "cidr", "revision"].map { Table.Cell(network[$0].shown) })
            }
            return [table]
        }
    }
}
