import ArgumentParser
import CNIProtocol

/// `romana topology list`.
struct TopologyList: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the networks and their trees of groups.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions

    func view(_ session: Session) async throws(CommandError) -> View {
        let document = try await session.daemon.get("/topology")
        return View(document) { Self.tables(document) }
    }

    private static func tables(_ document: JSONValue) -> [Table] {
        var networks = Table(
            [.init("Network Name", .key), .init("CIDR", .key), .init("Tenants")], empty: "There are no networks.")
        for network in document["networks"]?.arrayValue ?? [] {
            let tenants = (network["tenants"]?.arrayValue ?? []).compactMap(\.stringValue)
            networks.add([
                .init(network["name"].shown), .init(network["cidr"].shown),
                .init(tenants.isEmpty ? "*" : tenants.joined(separator: ", ")),
            ])
        }
        return [networks] + (document["topologies"]?.arrayValue ?? []).map(tree)
    }

    private static func tree(_ topology: JSONValue) -> Table {
        let names = (topology["networks"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        var table = Table(
            title: "Topology of \(names)", [.init("Group Name", .key), .init("CIDR", .key), .init("Nodes")],
            empty: "It has no groups.")
        let map = topology["map"]?.arrayValue ?? []
        // A map of one element may list its hosts directly.
        if !map.isEmpty, map.allSatisfy(\.isHost) {
            table.add([.init("/"), "", .init(map.map { $0["name"].shown }.joined(separator: ", "))])
        } else {
            for group in map { add(group, depth: 0, to: &table) }
        }
        return table
    }

    private static func add(_ group: JSONValue, depth: Int, to table: inout Table) {
        let children = group["groups"]?.arrayValue ?? []
        let hosts = children.filter(\.isHost) + (group["hosts"]?.arrayValue ?? [])
        let name = group["name"].shown
        table.add([
            .init(String(repeating: "  ", count: depth) + (name.isEmpty ? "(no name)" : name)),
            .init(group["cidr"].shown), .init(hosts.map { $0["name"].shown }.joined(separator: ", ")),
        ])
        for child in children where !child.isHost { add(child, depth: depth + 1, to: &table) }
    }
}
