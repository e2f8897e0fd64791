import ArgumentParser
import CNIProtocol

/// `romana route`.
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Routes to pods: of nodes, and in a VPC.",
        subcommands: [RouteList.self, RouteVPC.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}

/// `romana route list`.
struct RouteList: ViewCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the routes and how they fare.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Agents to ask") var agents: AgentOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let (states, failures) = try await agents.survey(session).states()
        let routes = states.flatMap { $0.labelled($0.routes) }
        return View(.array(routes), notes: failures.map(\.description), isWhole: failures.isEmpty) {
            var table = Table(
                [.init("Node"), .init("Prefix", .key), .init("Via"), .init("Host", .minor), .init("State")],
                empty: "There are no routes.")
            for route in routes {
                let state = route["state"].shown
                table.add(
                    ["node", "prefix", "via", "host"].map { Table.Cell(route[$0].shown) }
                        + [.init(state, state == "installed" ? .good : .bad)])
            }
            return [table]
        }
    }
}
