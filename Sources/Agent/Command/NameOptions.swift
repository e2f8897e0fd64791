import ArgumentParser
import LinuxSystem

/// What the agent is told about its name.
struct NameOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("hostname", withSingleDash: true)],
        help: "The node's name in the cluster (default: NODENAME, else the host's name).")
    var hostname: String = ProcessEnvironment.value("NODENAME") ?? ProcessIdentity.hostName

    /// The name, which is not empty.
    func name() throws(AgentError) -> String {
        guard !hostname.isEmpty else { throw AgentError("--hostname: the node has no name; set it or NODENAME") }
        return hostname
    }
}
