import ArgumentParser
import CNIProtocol

/// `romana network show NAME...`.
struct NetworkShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show networks with their blocks.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp("Names of networks.", valueName: "network")) var names: [String]

    func run() async throws {
        let session = try Session(options)
        let known = try await session.daemon.get("/topology")["networks"]?.arrayValue ?? []
        var networks: [JSONValue] = []
        for name in names {
            guard let network = known.first(where: { $0["name"]?.stringValue == name }) else {
                throw CommandError("show network \(name): no such network")
            }
            let blocks = try await session.daemon.get("/networks/\(name.asPathPart)/blocks")["blocks"] ?? []
            networks.append(.object((network.members ?? []) + [(key: "blocks", value: blocks)]))
        }
        try session.show(.array(networks)) { networks.map(Self.table) }
    }

    private static func table(_ network: JSONValue) -> Table {
        let tenants = (network["tenants"]?.arrayValue ?? []).compactMap(\.stringValue)
        let owners = tenants.isEmpty ? "every tenant" : tenants.joined(separator: ", ")
        let title =
            "Network \(network["name"].shown), \(network["cidr"].shown), blocks of /\(network["block_mask"].shown), "
            + "for \(owners)"
        return BlockTable.table(of: network["blocks"]?.arrayValue ?? [], title: title)
    }
}
