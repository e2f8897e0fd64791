import ArgumentParser
import CNIProtocol

/// `romana pod list`.
struct PodList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the pods with their addresses, and what their traffic is held to.",
        discussion: """
            Ingress and Egress name the policies that are in force for a direction, `open` where none is about it. Pods \
            with the same policies share a chain in the kernel, so Drops counts for all of them on their node, since the \
            policies last changed.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Agents to ask") var agents: AgentOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let (states, failures) = try await agents.survey(session).states()
        let pods = states.flatMap { $0.labelled($0.attachments) }
        return View(.array(pods), notes: failures.map(\.description), isWhole: failures.isEmpty) {
            [Self.table(pods.map(PodState.init))]
        }
    }

    /// The pods as rows.
    static func table(_ pods: [PodState]) -> Table {
        var table = Table(
            [
                .init("Node"), .init("Namespace"), .init("Pod", .key), .init("Addresses", .key), .init("Ingress"),
                .init("Egress"), .init("Drops", isNumber: true), .init("Since", .minor), .init("Block", .minor),
                .init("Interface", .minor), .init("Link", .minor), .init("Container", .minor),
            ], empty: "There are no pods.")
        for pod in pods {
            let drops = pod.drops.map { "\($0)" } ?? ""
            table.add([
                .init(pod["node"]), .init(pod["namespace"]), .init(pod["pod"]), .init(pod.list("addresses")),
                .init(pod.policies("ingress")), .init(pod.policies("egress")),
                .init(drops, pod.drops ?? 0 > 0 ? .warning : .plain), .init(pod.since), .init(pod.list("blocks")),
                .init(pod["ifname"]), .init(pod["veth"]), .init(String(pod["containerID"].prefix(12))),
            ])
        }
        return table
    }
}
