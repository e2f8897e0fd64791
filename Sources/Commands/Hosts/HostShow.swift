import ArgumentParser
import CNIProtocol

/// `romana host show NAME...`.
struct HostShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show hosts with their groups, blocks and labels.")

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("Names or addresses of hosts.", valueName: "host")) var names: [String]

    func view(_ session: Session) async throws(CommandError) -> View {
        let known = try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        var hosts: [JSONValue] = []
        for name in names {
            guard let host = known.first(where: { Self.isNamed($0, name) }) else {
                throw CommandError("show host \(name): no such host")
            }
            hosts.append(host)
        }
        let blocks = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        return View(.array(hosts)) { [hosts] in hosts.flatMap { Self.tables($0, blocks) } }
    }

    private static func isNamed(_ host: JSONValue, _ name: String) -> Bool {
        host["name"]?.stringValue == name || host["ip"]?.stringValue == name
            || host["addresses"]?.arrayValue?.contains(.string(name)) == true
    }

    private static func tables(_ host: JSONValue, _ blocks: [JSONValue]) -> [Table] {
        let name = host["name"].shown
        let addresses = (host["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
        let title = "Host \(name) at \(addresses.isEmpty ? host["ip"].shown : addresses.joined(separator: ", "))"

        var groups = Table(
            title: title, [.init("Network", .key), .init("Group"), .init("Group CIDR", .key)],
            empty: "It is in no group.")
        for (network, group) in host["groups"]?.members ?? [] {
            groups.add([.init(network), .init(group["path"].shown), .init(group["cidr"].shown)])
        }
        var owned = Table(
            [
                .init("Block CIDR", .key), .init("Network"), .init("Tenant"), .init("Segment"),
                .init("Allocated", isNumber: true),
            ], empty: "It has no blocks.")
        for block in blocks where block["host"]?.stringValue == name {
            owned.add(
                ["cidr", "network", "tenant", "segment", "allocated"].map { Table.Cell(block[$0].shown) })
        }
        var labels = Table([.init("Label", .key), .init("Value", .key)], empty: "It has no labels.")
        for (label, value) in host["tags"]?.members ?? [] {
            labels.add([.init(label), .init(JSONValue?.some(value).shown)])
        }
        return [groups, owned, labels]
    }
}
