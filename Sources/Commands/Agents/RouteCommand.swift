import ArgumentParser
import CNIProtocol

/// `romana route`.
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "The routes of a node to the pods of others.", subcommands: [RouteList.self])

    @OptionGroup var options: GlobalOptions
}

/// `romana route list`.
struct RouteList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the routes and how they fare.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var agents: AgentOptions

    func run() async throws {
        let session = try Session(options)
        let (states, isWhole) = try await session.agents(agents).states()
        let routes = states.flatMap { $0.labelled($0.routes) }
        try session.show(.array(routes)) {
            var table = Table(
                [.init("Node"), .init("Prefix"), .init("Via"), .init("Host"), .init("State")],
                empty: "There are no routes.")
            for route in routes {
                let state = route["state"].shown
                table.add(
                    ["node", "prefix", "via", "host"].map { Table.Cell(route[$0].shown) }
                        + [.init(state, state == "installed" ? .good : .bad)])
            }
            return [table]
        }
        try session.require(isWhole: isWhole)
    }
}
