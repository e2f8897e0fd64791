import Addresses
import CNIProtocol
import Topology

/// How full the groups of one network are, from the daemon's documents.
struct GroupFullness: Sendable {
    /// One group that hosts are placed in.
    struct Group: Sendable {
        let path: String
        let cidr: IPPrefix
        /// How many blocks it can hold.
        let capacity: UInt128
        /// How many hosts are placed in it.
        var hosts = 0
        /// How many of its blocks hosts have.
        var granted: UInt128 = 0
        /// How many blocks of the network its hosts have outside of it.
        var spilled: UInt128 = 0
    }

    private(set) var groups: [Group] = []

    /// - Parameters:
    ///   - network: an element of `networks` of `GET /topology`.
    ///   - topology: that document.
    ///   - hosts: those of `GET /v1/hosts`.
    ///   - blocks: those of `GET /v1/blocks`.
    init(of network: JSONValue, in topology: JSONValue, hosts: [JSONValue], blocks: [JSONValue]) {
        let name = network["name"].shown
        guard let value = Self.network(network) else { return }
        let trees = (topology["topologies"]?.arrayValue ?? []).filter {
            $0["networks"]?.arrayValue?.contains(.string(name)) == true
        }
        for tree in trees { add(tree["map"]?.arrayValue ?? [], below: [], of: value) }
        var homes: [String: IPPrefix] = [:]
        for host in hosts {
            guard let home = host["groups"]?[name]?["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { continue }
            homes[host["name"].shown] = home
            if let index = index(of: home) { groups[index].hosts += 1 }
        }
        for block in blocks.compactMap(BlockTile.init) where block.network == name {
            if let index = index(of: block.cidr) { groups[index].granted += 1 }
            if let home = homes[block.host], !home.contains(block.cidr), let index = index(of: home) {
                groups[index].spilled += 1
            }
        }
    }

    private static func network(_ network: JSONValue) -> Network? {
        guard let cidr = network["cidr"]?.stringValue.flatMap({ IPPrefix($0) }) else { return nil }
        let blackouts = (network["blacked_out"]?.arrayValue ?? []).compactMap(\.stringValue).compactMap { IPPrefix($0) }
        return try? Network(
            name: network["name"].shown, cidr: cidr, blockMask: network["block_mask"]?.intValue, blackouts: blackouts)
    }

    private mutating func add(_ list: [JSONValue], below path: [String], of network: Network) {
        for (index, group) in list.enumerated() where !group.isHost {
            let name = group["name"].shown
            let path = path + (name.isEmpty ? list.count > 1 ? ["#\(index + 1)"] : [] : [name])
            let children = (group["groups"]?.arrayValue ?? []).filter { !$0.isHost }
            if !children.isEmpty {
                add(children, below: path, of: network)
            } else if let cidr = group["cidr"]?.stringValue.flatMap({ IPPrefix($0) }), group["dummy"] != true {
                groups.append(
                    Group(
                        path: path.isEmpty ? "/" : path.joined(separator: "/"), cidr: cidr,
                        capacity: BlockCapacity(of: cidr, in: network).blocks))
            }
        }
    }

    private func index(of cidr: IPPrefix) -> Int? { groups.firstIndex { $0.cidr.contains(cidr) } }

    /// For programs.
    var document: JSONValue {
        .array(
            groups.map { group in
                [
                    "path": .string(group.path), "cidr": .string("\(group.cidr)"), "hosts": .integer(group.hosts),
                    "capacity": .integer(group.capacity), "granted": .integer(group.granted),
                    "spilled": .integer(group.spilled),
                ]
            })
    }

    /// For people.
    func table(title: String) -> Table {
        var table = Table(
            title: title,
            [
                .init("Group Name", .key), .init("Group CIDR", .key), .init("Hosts", isNumber: true, .minor),
                .init("Capacity", isNumber: true), .init("Granted", isNumber: true), .init("Full", isNumber: true),
                .init("Spilled", isNumber: true),
            ], empty: "It is in no topology, so no host takes part in it.")
        for group in groups {
            let isFull = group.granted >= group.capacity
            let isNearlyFull = group.granted >= group.capacity - group.capacity / 10
            table.add([
                .init(group.path), .init("\(group.cidr)"), .init("\(group.hosts)"),
                .init(Quantity.text(group.capacity)), .init(Quantity.text(group.granted)),
                .init(
                    Quantity.percent(group.granted, of: group.capacity),
                    isFull ? .bad : isNearlyFull ? .warning : .plain),
                .init(Quantity.text(group.spilled), group.spilled > 0 ? .warning : .plain),
            ])
        }
        return table
    }
}

extension JSONValue {
    /// Whether an element of a topology's list is a host.
    var isHost: Bool { !self["ip"].shown.isEmpty }
}
