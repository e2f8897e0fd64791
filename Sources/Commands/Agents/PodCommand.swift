import ArgumentParser
import CNIProtocol

/// `romana pod`.
struct PodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pod", abstract: "The pods of a node, as its agent knows them.", subcommands: [PodList.self])

    @OptionGroup var options: GlobalOptions
}

/// `romana pod list`.
struct PodList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the pods with their addresses.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var agents: AgentOptions

    func run() async throws {
        let session = try Session(options)
        let (states, isWhole) = try await session.agents(agents).states()
        let pods = states.flatMap { $0.labelled($0.attachments) }
        try session.show(.array(pods)) {
            var table = Table(
                [
                    .init("Node"), .init("Namespace"), .init("Pod"), .init("Addresses"), .init("Interface"),
                    .init("Link"), .init("Container"),
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
        try session.require(isWhole: isWhole)
    }
}
