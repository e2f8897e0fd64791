import ArgumentParser
import CNIProtocol

/// `romana node list`.
struct NodeList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the nodes with their agents' state.",
        discussion: """
            Alive tells of the agent's lease in etcd, which runs out 15 seconds after it falls silent; Ready, whether it \
            could add a pod now, as it says itself on its port. Exit status 1 tells that some node is not ready.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of agents.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort

    func view(_ session: Session) async throws(CommandError) -> View {
        let nodes = try await NodeView.all(session, port: port)
        return View(.array(nodes.map(\.document)), isWhole: nodes.allSatisfy { $0.isReady == true }) {
            [Self.table(nodes)]
        }
    }

    private static func table(_ nodes: [NodeView]) -> Table {
        let hasProblem = nodes.contains { !$0.problem.isEmpty }
        var table = Table(
            [
                .init("Node", .key), .init("Addresses"), .init("Version", .minor), .init("Alive"),
                .init("Ready", .key), .init("Pods", isNumber: true), .init("Blocks", isNumber: true),
                .init("Duties", .minor),
            ] + (hasProblem ? [.init("Problem")] : []), empty: "There are no nodes.")
        for node in nodes {
            table.add(
                [
                    .init(node.name), .init(node.addresses.joined(separator: ", ")), .init(node.version),
                    word(node.isAlive), word(node.isReady),
                    .init(node.state.map { "\($0.attachments.count)" } ?? ""),
                    .init(node.state.map { "\($0.blocks.count)" } ?? ""),
                    .init(node.state?.ownDuties.joined(separator: ", ") ?? ""),
                ] + (hasProblem ? [.init(node.problem, .bad)] : []))
        }
        return table
    }

    /// Yes, no, or that it is not known.
    static func word(_ value: Bool?) -> Table.Cell {
        switch value {
        case true?: .init("yes", .good)
        case false?: .init("no", .bad)
        case nil: .init("?", .warning)
        }
    }
}
