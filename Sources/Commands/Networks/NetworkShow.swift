import ArgumentParser
import CNIProtocol

/// `romana network show NAME...`.
struct NetworkShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show networks: how full their groups are, blackouts and blocks.",
        discussion: """
            Capacity is how many blocks a group can hold, Granted how many of them hosts have, Spilled how many blocks \
            its hosts had to take elsewhere in the network. With -v every block is listed.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("Names of networks.", valueName: "network")) var names: [String]

    func view(_ session: Session) async throws(CommandError) -> View {
        let topology = try await session.daemon.get("/topology")
        let known = topology["networks"]?.arrayValue ?? []
        let wanted = try names.map { name throws(CommandError) in
            guard let network = known.first(where: { $0["name"]?.stringValue == name }) else {
                throw CommandError("show network \(name): no such network")
            }
            return network
        }
        let hosts = try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        let records = try await session.daemon.get("/v1/blocks")["blocks"]?.arrayValue ?? []
        var networks: [(network: JSONValue, fullness: GroupFullness)] = []
        for network in wanted {
            let path = "/networks/\(network["name"].shown.asPathPart)/blocks"
            let blocks = try await session.daemon.get(path)["blocks"] ?? []
            let fullness = GroupFullness(of: network, in: topology, hosts: hosts, blocks: records)
            let shown =
                (network.members ?? []) + [(key: "groups", value: fullness.document), (key: "blocks", value: blocks)]
            networks.append((.object(shown), fullness))
        }
        let isVerbose = session.settings.isVerbose
        return View(.array(networks.map(\.network))) { [networks] in
            networks.flatMap { Self.pictures($0.network, $0.fullness, isVerbose: isVerbose) }
        }
    }

    private static func pictures(_ network: JSONValue, _ fullness: GroupFullness, isVerbose: Bool) -> [any Picture] {
        let tenants = (network["tenants"]?.arrayValue ?? []).compactMap(\.stringValue)
        let owners = tenants.isEmpty || tenants == ["*"] ? "every tenant" : tenants.joined(separator: ", ")
        let title =
            "Network \(network["name"].shown), \(network["cidr"].shown), blocks of /\(network["block_mask"].shown), "
            + "for \(owners)"
        var pictures: [any Picture] = [fullness.table(title: title)]
        let blackouts = (network["blacked_out"]?.arrayValue ?? []).compactMap(\.stringValue)
        if !blackouts.isEmpty { pictures.append(Lines(["Blacked out: \(blackouts.joined(separator: ", "))"])) }
        if isVerbose { pictures.append(BlockTable.table(of: network["blocks"]?.arrayValue ?? [])) }
        return pictures
    }
}
