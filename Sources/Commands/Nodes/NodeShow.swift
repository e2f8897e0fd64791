import ArgumentParser
import CNIProtocol

/// `romana node show NODE...`.
struct NodeShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show nodes: each check of their health, blocks, pods, routes.",
        discussion: "Exit status 1 tells that one of them is not ready.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of agents.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort
    @Argument(help: ArgumentHelp("Names or addresses of nodes.", valueName: "node")) var names: [String]

    func view(_ session: Session) async throws(CommandError) -> View {
        let all = try await NodeView.all(session, port: port)
        var nodes: [NodeView] = []
        for name in names {
            guard let node = all.first(where: { $0.name == name || $0.addresses.contains(name) }) else {
                throw CommandError("show node \(name): no such node")
            }
            nodes.append(node)
        }
        return View(.array(nodes.map(\.document)), isWhole: nodes.allSatisfy { $0.isReady == true }) { [nodes] in
            nodes.flatMap(Self.pictures)
        }
    }

    private static func pictures(_ node: NodeView) -> [any Picture] {
        var table = Table(
            title: "Node \(node.name) at \(node.addresses.joined(separator: ", "))",
            [.init("Field", .key), .init("Value", .key)], empty: "")
        table.add(["Alive", NodeList.word(node.isAlive)])
        table.add(["Ready", NodeList.word(node.isReady)])
        if !node.problem.isEmpty { table.add(["Problem", .init(node.problem, .bad)]) }
        table.add(["Version", .init(node.version)])
        for (label, value) in node.host["tags"]?.members ?? [] {
            table.add(["Label", .init("\(label)=\(JSONValue?.some(value).shown)")])
        }
        for (network, group) in node.host["groups"]?.members ?? [] {
            table.add(["Group", .init("\(network): \(group["path"].shown) (\(group["cidr"].shown))")])
        }
        guard let state = node.state else { return [table] }
        for duty in state.document["duties"]?.members ?? [] {
            let holder = duty.value["holder"].shown
            let isOwn = duty.value["own"]?.boolValue ?? false
            table.add([
                "Duty", .init("\(duty.key): \(isOwn ? "own" : holder.isEmpty ? "nobody" : "that of \(holder)")"),
            ])
        }
        var blocks = Table(
            [
                .init("Block CIDR", .key), .init("Network"), .init("Tenant"), .init("Segment"),
                .init("Allocated", isNumber: true), .init("Capacity", isNumber: true),
            ], empty: "It has no blocks.")
        for block in state.blocks {
            blocks.add(
                ["cidr", "network", "tenant", "segment", "allocated", "capacity"].map { .init(block[$0].shown) })
        }
        let pods = state.labelled(state.attachments).map(PodState.init)
        return [table, checks(state), blocks, PodList.table(pods)]
    }

    private static func checks(_ state: NodeState) -> Table {
        var table = Table(
            [.init("Check", .key), .init("Outcome", .key), .init("Message")], empty: "Its agent tells of no checks.")
        for check in state.document["checks"]?.arrayValue ?? [] {
            let outcome = check["outcome"].shown
            let tone: Tone = outcome == "ok" ? .good : outcome == "warning" ? .warning : .bad
            table.add([.init(check["name"].shown), .init(outcome, tone), .init(check["message"].shown)])
        }
        return table
    }
}
