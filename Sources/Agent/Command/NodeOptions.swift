import ArgumentParser
import LinuxSystem
import Options

/// What the agent is told about its node.
struct NodeOptions: ParsableArguments {
    @OptionGroup var identity: IdentityOptions

    @Option(
        help: """
            What tells this machine from others, also when its addresses change (default: its /etc/machine-id and the \
            id of its board).
            """)
    var machineID: String?

    @Option(
        help: """
            Labels to register the node with, NAME=VALUE, by comma; they come before those of the node in the \
            Kubernetes API.
            """)
    var labels: String = ProcessEnvironment.value("ROMANA_NODE_LABELS") ?? ""

    @OptionGroup var place: PlaceOptions

    @Option(help: "MTU of pods in bytes (default: that of the uplink).")
    var mtu: UInt32?

    @Option(
        name: [.long, .customLong("multihop-blocks", withSingleDash: true)],
        defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            "Write routes whose next hop is not on a link of the node (default: false).", valueName: "true|false"))
    var multihopBlocks: Toggle?

    @Option(help: "Seconds that an address rests before it is used again.")
    var blockCooldown: Double = 30

    @Option(help: "Seconds that an ADD waits for a block before the runtime is told to try again.")
    var addPatience: Double = 2

    func validate() throws {
        guard blockCooldown >= 0, blockCooldown < 1e6 else {
            throw ValidationError("--block-cooldown \(blockCooldown): not between 0 and 1000000 seconds")
        }
        guard addPatience >= 0, addPatience <= 60 else {
            throw ValidationError("--add-patience \(addPatience): not between 0 and 60 seconds")
        }
        if let mtu, mtu < 68 || mtu > 65_535 { throw ValidationError("--mtu \(mtu): not between 68 and 65535 bytes") }
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
}
