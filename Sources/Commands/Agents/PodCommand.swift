import ArgumentParser
import CNIProtocol

/// `romana pod`.
struct PodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod", abstract: "The pods of a node, as its agent knows them.", subcommands: [PodList.self])

    @OptionGroup(title: "Common options") var options: GlobalOptions
}

/// `romana pod list`.
struct PodList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the pods with their addresses.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Agents to ask") var agents: AgentOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let (states, failures) = try await agents.survey(session).states()
        let pods = states.flatMap { $0.labelled($0.attachments) }
        return View(.array(pods), notes: failures.map(\.description), isWhole: failures.isEmpty) {
            var table = Table(
                [
                    .init("Node"), .init("Namespace"), .init("Pod", .key), .init("Addresses", .key),
                    .init("Interface", .minor), .init("Link", .minor), .init("Container", .minor),
                ], empty: "There are no pods.")
            for pod in pods {
                let addresses = (pod["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
                table.add([
                    .init(pod["node"].shown), .init(pod["namespace"].shown), .init(pod["pod"].shown),
                    .init(addresses.joined(separator: ", ")), .init(pod["ifname"].shown), .init(pod["veth"].shown),
                    .init(String(pod["containerID"].shown.prefix(12))),
                ])
            }
            return [table]
        }
    }
}
