import Addresses

/// Where every host goes, and which group every block is part of, when a document takes the place of another.
///
/// It follows from the document and the records alone, so any daemon can go on where another stopped. A host that the
/// document names goes where it is named. Any other goes in each network where it was shown, if it was; else it stays
/// in its group if that has the same name and addresses and suits; else it goes to the suitable group that holds most
/// of its blocks in use; else to that of the same name, else to that of the same addresses; else its labels decide, as
/// for a new host. A network under a new name is known by its addresses.
public struct Settlement: Sendable {
    /// The groups of each host by network, by the host's name.
    public let groups: [String: [String: HostGroup]]
    /// The records of hosts whose groups change, as they will be, in order of names.
    public let hosts: [HostRecord]
    /// The records of blocks that are part of another network or group than they say, as they will be, in order.
    public let blocks: [BlockRecord]
    /// Blocks that nobody uses and that are part of no group, as they will be: without a group, so that their nodes
    /// give no address of them and give them back.
    public let abandoned: [BlockRecord]

    /// What stands in the way of some hosts and blocks: blocks in use that are part of no group or would be cut, and
    /// hosts that no network takes.
    public let obstacles: [TopologyError]

    /// Settles a cluster in a document, or throws everything that stands in the way.
    ///
    /// - Parameters:
    ///   - shown: the same document as it was posted, with hosts that it shows but does not insist on.
    ///   - old: the document in force; what is part of no group in it either does not stand in the way.
    public init(
        _ document: TopologyDocument, hosts: some Sequence<HostRecord>, blocks: some Sequence<BlockRecord>,
        shown: TopologyDocument? = nil, old: TopologyDocument? = nil
    ) throws(TopologyError) {
        self.init(following: document, hosts: hosts, blocks: blocks, shown: shown, old: old)
        if let error = TopologyError(obstacles) { throw error }
    }

    /// Settles what can be settled in a document that is in force; the rest is told as ``obstacles`` and holds up
    /// nobody.
    ///
    /// A block that came into use after the document was judged, and is part of no group in it, keeps its addresses and
    /// gives no more. A host that no network takes stays as it is.
    public init(
        following document: TopologyDocument, hosts: some Sequence<HostRecord>, blocks: some Sequence<BlockRecord>,
        shown: TopologyDocument? = nil, old: TopologyDocument? = nil
    ) {
        let hosts = hosts.sorted { $0.name < $1.name }
        var problems: [TopologyError] = []
        var held: [String: [IPPrefix]] = [:]
        var changed: [BlockRecord] = []
        var abandoned: [BlockRecord] = []
        for block in blocks.sorted(by: { $0.cidr < $1.cidr }) {
            if block.isInUse { held[block.host, default: []].append(block.cidr) }
            var record = block
            if let place = document.place(of: block.cidr) {
                (record.network, record.group, record.groupCIDR) = (
                    place.network.name, place.group.path, place.group.cidr
                )
            } else {
                (record.group, record.groupCIDR) = ("", block.cidr)
                if !block.isInUse {
                    abandoned.append(record)
                } else if old.map({ $0.place(of: block.cidr) != nil }) ?? true {
                    problems.append(Self.obstacle(block, in: document))
                }
            }
            if record != block { changed.append(record) }
        }
        let groups = Self.seats(of: hosts, holding: held, in: document, shown: shown, &problems)
        self.groups = groups
        self.hosts = hosts.compactMap { host in
            guard let seats = groups[host.name], seats != host.groups else { return nil }
            var record = host
            record.groups = seats
            return record
        }
        self.blocks = changed
        self.abandoned = abandoned
        obstacles = problems
    }

    private static func seats(
        of hosts: [HostRecord], holding held: [String: [IPPrefix]], in document: TopologyDocument,
        shown: TopologyDocument?, _ problems: inout [TopologyError]
    ) -> [String: [String: HostGroup]] {
        var placement = Placement(document, hosts: [])
        // Who stays is counted before those are placed whom labels alone decide on.
        let staying = hosts.map { host in
            var host = host
            let shown = shown?.namedGroups(of: host.name) ?? [:]
            host.groups = document.networks.reduce(into: [:]) { groups, network in
                groups[network.name] =
                    shown[network.name] ?? seat(of: host, holding: held[host.name] ?? [], in: network, of: document)
            }
            placement.add(host)
            return host
        }
        return staying.reduce(into: [:]) { groups, host in
            do throws(TopologyError) {
                var host = host
                host.groups = try placement.groups(for: host)
                placement.add(host)
                groups[host.name] = host.groups
            } catch {
                problems += error.all
            }
        }
    }

    /// The group of a network that a host goes to for another reason than its labels; nil when there is none.
    private static func seat(
        of host: HostRecord, holding held: [IPPrefix], in network: Network, of document: TopologyDocument
    ) -> HostGroup? {
        guard let tree = document.tree(of: network.name) else { return nil }
        let before = document.group(of: host, before: network)
        let samePath = before.flatMap { tree.leaf($0.path) }
        var counts: [String: (leaf: PrefixGroup, count: Int)] = [:]
        if let samePath, samePath.cidr == before?.cidr, samePath.suits(host.tags) { return samePath.place }
        for block in held {
            guard let leaf = tree.leaf(containing: block), leaf.suits(host.tags) else { continue }
            counts[leaf.path] = (leaf, (counts[leaf.path]?.count ?? 0) + 1)
        }
        let fullest = counts.values.max { ($0.count, $1.leaf.cidr) < ($1.count, $0.leaf.cidr) }?.leaf
        let sameCIDR = before.flatMap { tree.leaf(containing: $0.cidr) }.flatMap { $0.cidr == before?.cidr ? $0 : nil }
        return [fullest, samePath, sameCIDR].compactMap { $0 }.first { $0.suits(host.tags) }?.place
    }

    /// Why a block in use cannot be kept.
    private static func obstacle(_ block: BlockRecord, in document: TopologyDocument) -> TopologyError {
        let problem: String
        if let network = document.network(containing: block.cidr) {
            let leaves = document.tree(of: network.name).map { tree in
                tree.leaves(overlapping: block.cidr).map { tree.leaves[$0] }
            }
            switch leaves?.count {
            case nil: problem = "would be part of network \(network.name), which would be in no topology"
            case 0: problem = "would be part of no group of network \(network.name)"
            case _:
                let names = (leaves ?? []).map { "\($0.path) (\($0.cidr))" }.joined(separator: " and ")
                problem = "would be cut by the groups of network \(network.name): \(names)"
            }
        } else {
            problem = "would be part of no network; it is part of network \(block.network) now"
        }
        return TopologyError(field: "networks", problem: "\(block.text) is in use and \(problem)")
    }
}

extension TopologyDocument {
    /// The group that a host was in, in what is a network of this document now, by whatever name.
    func group(of host: HostRecord, before network: Network) -> HostGroup? {
        // A group whose addresses are those of a network was part of it, if not by name; else the name tells.
        let inside = host.groups.filter { network.cidr.contains($0.value.cidr) }
        if let same = inside[network.name] { return same }
        if let other = inside.min(by: { $0.key < $1.key }) { return other.value }
        guard let named = host.groups[network.name], self.network(containing: named.cidr) == nil else { return nil }
        return named
    }
}
