import ArgumentParser
import CNIProtocol

/// `romana network list`.
struct NetworkList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the networks.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session = try Session(options)
        let document = try await session.daemon.get("/networks")
        try session.show(document) {
            var table = Table(
                [.init("Network Name"), .init("Network CIDR"), .init("Revision", isNumber: true)],
                empty: "There are no networks.")
            for network in document.arrayValue ?? [] {
                table.add(["id", "cidr", "revision"].map { Table.Cell(network[$0].shown) })
            }
            return [table]
        }
    }
}
