import ArgumentParser
import CNIProtocol

/// `romana network remove NAME...`.
struct NetworkRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take networks out of the topology.",
        discussion: "A network of which addresses are in use is kept: the daemon refuses and says what is in the way.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @Argument(help: ArgumentHelp("Names of networks.", valueName: "network")) var names: [String]
    @Flag(help: "Only show what would change.") var dryRun = false

    func run() async throws {
        let session = try Session(options)
        var topology = try await session.daemon.get("/topology")
        for name in names { topology = try Self.without(name, topology) }
        let noun = names.count == 1 ? "Network \(names[0]) is" : "Networks \(names.joined(separator: ", ")) are"
        try await TopologySubmission(document: topology, isDryRun: dryRun).send(session, done: "\(noun) removed.")
    }

    /// The topology without a network; a tree that was its alone goes with it.
    static func without(_ name: String, _ topology: JSONValue) throws(CommandError) -> JSONValue {
        let networks = topology["networks"]?.arrayValue ?? []
        let left = networks.filter { $0["name"]?.stringValue != name }
        guard left.count < networks.count else { throw CommandError("remove network \(name): no such network") }
        let trees = (topology["topologies"]?.arrayValue ?? []).compactMap { tree -> JSONValue? in
            let names = (tree["networks"]?.arrayValue ?? []).filter { $0.stringValue != name }
            return names.isEmpty ? nil : tree.replacing("networks", .array(names))
        }
        return topology.replacing("networks", .array(left)).replacing("topologies", .array(trees))
    }
}
