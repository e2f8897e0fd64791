import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// `romana network show NAME...`.
struct NetworkShow: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show networks: how full their groups are, and what is blacked out.",
        discussion: """
            Capacity is how many blocks a group has room for, Granted how many of them hosts have, Spilled how many of \
            those went to hosts of other groups, because their own were full. With -v every block is listed.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Argument(help: ArgumentHelp("Names of networks.", valueName: "network")) var names: [String]

    /// A network with what is shown of it.
    private struct Detail: Sendable {
        let network: JSONValue
        let blackouts: [JSONValue]
        /// Every block, if that was asked for.
        let blocks: [JSONValue]?
    }

    func view(_ session: Session) async throws(CommandError) -> View {
        var details: [Detail] = []
        for name in names {
            let network = try await session.daemon.get("/v1/networks/\(name.percentEncoded)")
            let blackouts = try await session.daemon.get(BlackoutCommand.path(name))["blackouts"]?.arrayValue ?? []
            var blocks: [JSONValue]?
            if session.settings.isVerbose {
                blocks =
                    try await session.daemon.get("/networks/\(name.percentEncoded)/blocks")["blocks"]?.arrayValue ?? []
            }
            details.append(Detail(network: network, blackouts: blackouts, blocks: blocks))
        }
        return View(.array(details.map(Self.document))) { [details] in details.flatMap(Self.pictures) }
    }

    private static func document(_ detail: Detail) -> JSONValue {
        let document = detail.network.replacing("blackouts", .array(detail.blackouts))
        return detail.blocks.map { document.replacing("block_list", .array($0)) } ?? document
    }

    private static func pictures(_ detail: Detail) -> [any Picture] {
        var pictures: [any Picture] = [groups(detail.network)]
        if !detail.blackouts.isEmpty { pictures.append(BlackoutList.table(detail.blackouts, empty: "")) }
        if let blocks = detail.blocks { pictures.append(BlockTable.table(of: blocks)) }
        return pictures
    }

    private static func groups(_ network: JSONValue) -> Table {
        let tenants = (network["tenants"]?.arrayValue ?? []).compactMap(\.stringValue)
        let owners = tenants.isEmpty || tenants == ["*"] ? "every tenant" : tenants.joined(separator: ", ")
        var table = Table(
            title: "Network \(network["name"].shown), \(network["cidr"].shown), "
                + "blocks of /\(network["block_mask"].shown), for \(owners)",
            [
                .init("Group Name", .key), .init("Group CIDR", .key), .init("Hosts", isNumber: true, .minor),
                .init("Capacity", isNumber: true), .init("Granted", isNumber: true), .init("Full", isNumber: true),
                .init("Spilled", isNumber: true), .init("Addresses", isNumber: true, .minor),
            ], empty: "It is in no topology, so no host takes part in it.")
        for group in network["groups"]?.arrayValue ?? [] where group["dummy"] != true {
            let blocks = group["blocks"]
            let (capacity, granted) = (number(blocks?["capacity"]), number(blocks?["granted"]))
            let tone: Tone =
                blocks?["full"] == true ? .bad : granted >= capacity - capacity / 10 ? .warning : .plain
            table.add([
                .init(group["path"].shown), .init(group["cidr"].shown), .init(group["hosts"].shown),
                .init(Quantity.text(capacity)), .init(Quantity.text(granted)),
                .init(Quantity.percent(granted, of: capacity), tone),
                .init(blocks?["spilled"].shown ?? "", number(blocks?["spilled"]) > 0 ? .warning : .plain),
                .init(blocks?["addresses"].shown ?? ""),
            ])
        }
        return table
    }

    /// Numbers may come as text, where readers of JSON could not hold them.
    private static func number(_ value: JSONValue?) -> UInt128 { UInt128(value.shown) ?? 0 }
}
