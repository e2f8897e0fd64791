import ArgumentParser
import CNIProtocol

/// `romana agent status`.
struct AgentStatus: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show whether agents are ready, and what they hold.",
        discussion: "Exit status 1 tells that an agent did not answer or is not ready. With -v the blocks are listed.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Agents to ask") var agents: AgentOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let (states, failures) = try await agents.survey(session).states()
        let isVerbose = session.settings.isVerbose
        let isWhole = failures.isEmpty && states.allSatisfy(\.isReady)
        return View(.array(states.map(\.document)), notes: failures.map(\.description), isWhole: isWhole) {
            [Self.overview(states)] + (isVerbose ? [Self.blocks(states)] : [])
        }
    }

    private static func overview(_ states: [NodeState]) -> Table {
        let hasProblem = states.contains { !$0.problem.isEmpty }
        var table = Table(
            [
                .init("Node", .key), .init("Version", .minor), .init("Ready", .key), .init("Pods", isNumber: true),
                .init("Blocks", isNumber: true), .init("Addresses", isNumber: true), .init("Routes", isNumber: true),
                .init("Connected"),
            ] + (hasProblem ? [.init("Problem")] : []), empty: "There are no agents.")
        for state in states {
            let lost = state.sources.filter { $0.value == false }.map(\.key)
            let connected = lost.isEmpty ? "all" : "not " + lost.joined(separator: ", ")
            table.add(
                [
                    .init(state.node), .init(state.version),
                    state.isReady ? .init("yes", .good) : .init("no", .bad),
                    .init("\(state.attachments.count)"), .init("\(state.blocks.count)"),
                    .init("\(sum("allocated", state.blocks))/\(sum("capacity", state.blocks))"),
                    .init("\(state.routes.count)"), .init(connected, lost.isEmpty ? .good : .bad),
                ] + (hasProblem ? [.init(state.problem, .bad)] : []))
        }
        return table
    }

    private static func blocks(_ states: [NodeState]) -> Table {
        var table = Table(
            [
                .init("Node", .key), .init("Block CIDR", .key), .init("Network"), .init("Tenant"), .init("Segment"),
                .init("Allocated", isNumber: true), .init("Capacity", isNumber: true),
            ], empty: "There are no blocks.")
        for block in states.flatMap({ $0.labelled($0.blocks) }) {
            table.add(
                ["node", "cidr", "network", "tenant", "segment", "allocated", "capacity"].map {
                    Table.Cell(block[$0].shown)
                })
        }
        return table
    }

    /// A sum over blocks; those of IPv6 can be larger than an integer, so it stops at the largest.
    private static func sum(_ key: String, _ blocks: [JSONValue]) -> UInt64 {
        blocks.reduce(0) { total, block in
            let (sum, overflow) = total.addingReportingOverflow(UInt64(block[key].shown) ?? .max)
            return overflow ? .max : sum
        }
    }
}
