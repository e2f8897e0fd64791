import Addresses
import ArgumentParser
import CNIProtocol
import LinuxSystem
import Netlink

/// What the agent is told about its node.
struct NodeOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("hostname", withSingleDash: true)],
        help: "The node's name in the cluster (default: NODENAME, else the host's name).")
    var hostname: String = ProcessEnvironment.value("NODENAME") ?? ProcessIdentity.hostName

    @Option(help: "The node's addresses, one of a family, by comma (default: NODEIP, else those of the uplink).")
    var nodeIP: String = ProcessEnvironment.value("NODEIP") ?? ""

    @Option(help: "Labels to register the node with: NAME=VALUE, by comma.")
    var labels: String = ProcessEnvironment.value("ROMANA_NODE_LABELS") ?? ""

    @Option(help: "Where romana-cni finds the agent.")
    var agentSocket: String = AgentSocket.defaultPath

    @Option(help: "Folder of the journal; must vanish with a reboot, as a tmpfs does.")
    var runDirectory: String = "/run/romana"

    @Option(
        name: [.long, .customLong("link-name", withSingleDash: true)],
        help: "The link towards the other nodes (default: the one with the node's address).")
    var linkName: String?

    @Option(help: "MTU of pods in bytes (default: that of the uplink).")
    var mtu: UInt32?

    @Option(
        name: [.long, .customLong("route-table-id", withSingleDash: true)],
        help: "Routing table of pods and nodes; 254 is the main table.")
    var routeTableID: UInt32 = 10

    @Option(
        name: [.long, .customLong("multihop-blocks", withSingleDash: true)],
        defaultAsFlag: true, help: "Write routes whose next hop is not on a link of the node.")
    var multihopBlocks: Bool?

    @Option(help: "Seconds that an address rests before it is used again.")
    var blockCooldown: Double = 30

    @Option(help: "Seconds that an ADD waits for a block before the runtime is told to try again.")
    var addPatience: Double = 2

    @Option(
        name: [.long, .customLong("metrics", withSingleDash: true)],
        help: "Port of /metrics, /healthz and /readyz; 0 for none.")
    var metrics: Int = 9607

    @Option(help: "Address that metrics and health are served on.")
    var metricsHost: String = "0.0.0.0"

    func validate() throws {
        guard blockCooldown >= 0, blockCooldown < 1e6 else {
            throw ValidationError("--block-cooldown \(blockCooldown): not between 0 and 1000000 seconds")
        }
        guard addPatience >= 0, addPatience <= 60 else {
            throw ValidationError("--add-patience \(addPatience): not between 0 and 60 seconds")
        }
        guard routeTableID != 0, routeTableID != 255 else {
            throw ValidationError("--route-table-id \(routeTableID): the kernel keeps 0 and 255 to itself")
        }
        guard metrics <= 65_535 else { throw ValidationError("--metrics \(metrics): not a port") }
        if let mtu, mtu < 68 || mtu > 65_535 { throw ValidationError("--mtu \(mtu): not between 68 and 65535 bytes") }
    }

    /// The addresses told, or those that the uplink carries.
    func addresses() throws -> [IPAddress] {
        guard !nodeIP.isEmpty else { return try uplinkAddresses() }
        var addresses: [IPAddress] = []
        for text in nodeIP.split(separator: ",") {
            let address = try IPAddress(parsing: String(text))
            guard !addresses.contains(where: { $0.family == address.family }) else {
                throw AgentError("--node-ip \(nodeIP): more than one address of \(address.family.rawValue)")
            }
            addresses.append(address)
        }
        return addresses
    }

    /// The labels by name.
    func labelTable() throws -> [String: String] {
        var table: [String: String] = [:]
        for pair in labels.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { throw AgentError("--labels \(pair): not NAME=VALUE") }
            table[String(parts[0])] = String(parts[1])
        }
        return table
    }

    private func uplinkAddresses() throws -> [IPAddress] {
        let kernel = try KernelNetwork()
        let index: UInt32
        if let linkName {
            guard let link = try kernel.link(named: linkName) else {
                throw AgentError("--link-name \(linkName): there is no such link")
            }
            index = link.index
        } else {
            let defaults = try AddressFamily.allCases.flatMap { family in
                try kernel.routes(table: 254, routeProtocol: nil, family: family).filter { $0.destination.length == 0 }
            }
            guard let uplink = defaults.compactMap(\.interface).first else {
                throw AgentError("--node-ip: not given, and there is no default route to find it by")
            }
            index = uplink
        }
        let held = try kernel.addresses(interface: index).map(\.address).filter { !$0.isLinkLocal }
        let addresses = AddressFamily.allCases.compactMap { family in held.first { $0.family == family } }
        guard !addresses.isEmpty else { throw AgentError("--node-ip: not given, and the uplink has no address") }
        return addresses
    }
}
