import Addresses
import ArgumentParser
import CNIProtocol

/// `romana network add NAME CIDR`.
struct NetworkAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a network to the topology.",
        discussion: """
            Without --like and --group it is cut along the same groups as the first network of the topology, or into \
            one group if there is none. Hosts take part in it at once, where they are now or where their labels lead. Two \
            changes of the topology at the same moment are not merged: the later one counts.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: "Its name.") var name: String
    @Argument(help: ArgumentHelp("Its addresses.", valueName: "cidr")) var prefix: PrefixArgument
    @Option(help: "The prefix length of its blocks (default: 29, for IPv6 122).") var blockMask: Int?
    @Option(name: .customLong("tenant"), help: "A tenant that may use it; may be given more than once (default: all).")
    var tenants: [String] = []
    @Option(help: ArgumentHelp("Cut it along the groups of this network.", valueName: "network")) var like: String?
    @Option(name: .customLong("group"), help: "Cut it into groups of these names; may be given more than once.")
    var groups: [String] = []
    @Flag(help: "Only show what would change.") var dryRun = false

    func validate() throws {
        if like != nil, !groups.isEmpty { throw ValidationError("--like and --group: one of them says how to cut") }
    }

    func run() async throws {
        let session = try Session(options)
        let current = try await session.daemon.get("/topology")
        let updated = try extended(current)
        try await TopologySubmission(document: updated, isDryRun: dryRun).send(
            session, done: "Network \(name) is added.")
    }

    /// The topology with the new network in it.
    func extended(_ topology: JSONValue) throws(CommandError) -> JSONValue {
        let networks = topology["networks"]?.arrayValue ?? []
        if networks.contains(where: { $0["name"]?.stringValue == name }) {
            throw CommandError("add network \(name): a network of this name exists")
        }
        var network: [(key: String, value: JSONValue)] = [
            (key: "name", value: .string(name)), (key: "cidr", value: .string(prefix.text)),
        ]
        if let blockMask { network.append((key: "block_mask", value: .integer(blockMask))) }
        if !tenants.isEmpty { network.append((key: "tenants", value: .array(tenants.map { .string($0) }))) }
        let tree: JSONValue = ["networks": [.string(name)], "map": try map(in: topology)]
        return topology.replacing(
            "networks", .array(networks + [.object(network)])
        ).replacing("topologies", .array((topology["topologies"]?.arrayValue ?? []) + [tree]))
    }

    private func map(in topology: JSONValue) throws(CommandError) -> JSONValue {
        if !groups.isEmpty { return .array(groups.map { ["name": .string($0), "groups": []] }) }
        let trees = topology["topologies"]?.arrayValue ?? []
        guard let like else { return trees.first?["map"]?.withoutCIDRs ?? [["name": "hosts", "groups": []]] }
        let model = trees.first { $0["networks"]?.arrayValue?.contains(.string(like)) == true }
        guard let map = model?["map"] else {
            throw CommandError("add network \(name) like \(like): no topology has a network \(like)")
        }
        return map.withoutCIDRs
    }
}

/// A prefix on the command line.
struct PrefixArgument: ExpressibleByArgument, Sendable {
    let prefix: IPPrefix

    init?(argument: String) {
        guard let prefix = IPPrefix(argument) else { return nil }
        self.prefix = prefix
    }

    /// The prefix in its usual spelling.
    var text: String { prefix.description }
}
