import ArgumentParser
import CNIProtocol

/// Where on the node the agent has its things.
struct PlaceOptions: ParsableArguments {
    @Option(help: "Where romana-cni finds the agent.")
    var agentSocket: String = AgentSocket.defaultPath

    @Option(help: "Folder of the journal; must vanish with a reboot, as a tmpfs does.")
    var runDirectory: String = "/run/romana"

    @Option(
        name: [.long, .customLong("route-table-id", withSingleDash: true)],
        help: "Routing table of pods and nodes; 254 is the main table.")
    var routeTableID: UInt32 = 10

    func validate() throws {
        guard routeTableID != 0, routeTableID != 255 else {
            throw ValidationError("--route-table-id \(routeTableID): the kernel keeps 0 and 255 to itself")
        }
    }
}
