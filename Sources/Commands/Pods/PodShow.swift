import ArgumentParser
import CNIProtocol

/// `romana pod show POD...`.
struct PodShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all that is known of pods.",
        discussion: "A pod is NAMESPACE/NAME, a name, an address, or the beginning of a container's id.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Agents to ask") var agents: AgentOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("The pods.", valueName: "pod")) var names: [String]

    func view(_ session: Session) async throws(CommandError) -> View {
        let (states, failures) = try await agents.survey(session).states()
        let pods = states.flatMap { $0.labelled($0.attachments) }.map(PodState.init)
        var found: [PodState] = []
        for name in names {
            let own = pods.filter { $0.isNamed(name) }
            guard !own.isEmpty else {
                let place =
                    agents.isEverywhere ? "no agent that answers has it" : "this node does not have it; -A asks all"
                throw CommandError("show pod \(name): \(place)")
            }
            found += own
        }
        return View(
            .array(found.map(\.document)), notes: failures.map(\.description), isWhole: failures.isEmpty
        ) { [found] in found.map(Self.sheet) }
    }

    private static func sheet(_ pod: PodState) -> Table {
        let name = pod["pod"].isEmpty ? pod["containerID"] : "\(pod["namespace"])/\(pod["pod"])"
        var table = Table(
            title: "Pod \(name) on node \(pod["node"])", [.init("Field", .key), .init("Value", .key)], empty: "")
        func row(_ field: String, _ value: String) {
            if !value.isEmpty { table.add([.init(field), .init(value)]) }
        }
        row("Addresses", pod.list("addresses"))
        row("Blocks", pod.list("blocks"))
        row("Segment", pod["segment"])
        row("Since", pod.since.isEmpty ? "" : "\(pod.since) UTC")
        row("Container", pod["containerID"])
        row("Interface", "\(pod["ifname"]) \(pod["mac"])")
        row("Link", pod["veth"])
        row("MTU", pod["mtu"])
        row("Network", pod["network"])
        for direction in ["ingress", "egress"] {
            let title = direction == "ingress" ? "Ingress" : "Egress"
            row(title, pod.policies(direction))
            let held = pod.document["policy"]?[direction]
            row("\(title) chain", held?["chain"].shown ?? "")
            row("\(title) drops", held?["drops"].shown ?? "")
        }
        for mapping in pod.document["portMappings"]?.arrayValue ?? [] { row("Port", mapping.text) }
        if let bandwidth = pod.document["bandwidth"], !bandwidth.isNull { row("Bandwidth", bandwidth.text) }
        return table
    }
}
