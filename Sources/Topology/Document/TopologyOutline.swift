public import Addresses

/// A document as `romana topology check` and `romana topology show` present it: every group with its addresses, hosts
/// and capacity.
public struct TopologyOutline: Sendable, Equatable {
    /// The networks in the document's order.
    public let networks: [NetworkOutline]

    /// The outline of a document with the hosts of a cluster and the blocks they have.
    ///
    /// - Parameter hosts: those that the document names itself if left out.
    public init(_ document: TopologyDocument, hosts: [HostRecord]? = nil, blocks: [BlockRecord] = []) {
        let hosts = hosts ?? document.namedHosts
        networks = document.networks.map { network in
            NetworkOutline(
                network, document.tree(of: network.name), hosts: hosts,
                blocks: blocks.filter { network.cidr.contains($0.cidr) })
        }
    }
}

/// One network of an outline.
public struct NetworkOutline: Sendable, Equatable {
    /// The network itself.
    public let network: Network
    /// What it can hold.
    public let capacity: BlockCapacity
    /// How many hosts are in its groups.
    public let hosts: Int
    /// How many blocks hosts have of it.
    public let blocksTaken: Int
    /// The groups on top; nil when it is in no topology, so that no host takes part in it.
    public let groups: [GroupOutline]?
    /// The parts that belong to no group.
    public let padding: [IPPrefix]

    init(_ network: Network, _ tree: GroupTree?, hosts: [HostRecord], blocks: [BlockRecord]) {
        var residents: [String: [String]] = [:]
        for host in hosts {
            if let path = host.groups[network.name]?.path { residents[path, default: []].append(host.name) }
        }
        var taken: [String: Int] = [:]
        for block in blocks {
            if let path = tree?.leaf(containing: block.cidr)?.path { taken[path, default: 0] += 1 }
        }
        let groups = tree?.groups.map { GroupOutline($0, of: network, residents: residents, taken: taken) }
        self.network = network
        self.groups = groups
        capacity = BlockCapacity(of: network.cidr, in: network)
        self.hosts = groups?.reduce(0) { $0 + $1.hosts } ?? 0
        blocksTaken = blocks.count
        padding = PrefixGroup.padding(of: network.cidr, after: tree?.groups ?? [])
    }
}

/// One group of an outline.
public struct GroupOutline: Sendable, Equatable {
    /// Its name, empty when it has none.
    public let name: String
    /// The names on the way down with slashes between.
    public let path: String
    /// Its addresses.
    public let cidr: IPPrefix
    /// The labels it asks for itself.
    public let assignment: [String: String]
    /// A free text on how its routes spread.
    public let routing: String
    /// Whether it, or one around it, only keeps a place.
    public let isDummy: Bool
    /// What it can hold.
    public let capacity: BlockCapacity
    /// How many hosts are in it.
    public let hosts: Int
    /// The names of the hosts, in a leaf.
    public let hostNames: [String]
    /// How many blocks hosts have of it, those of hosts in other groups included.
    public let blocksTaken: Int
    /// The groups in it; none in a leaf.
    public let groups: [GroupOutline]
    /// The parts that belong to none of them.
    public let padding: [IPPrefix]

    init(_ group: PrefixGroup, of network: Network, residents: [String: [String]], taken: [String: Int]) {
        name = group.name
        path = group.path
        cidr = group.cidr
        assignment = group.assignment
        routing = group.routing
        isDummy = group.isDummy
        capacity = BlockCapacity(of: group.cidr, in: network)
        groups = group.groups.map { GroupOutline($0, of: network, residents: residents, taken: taken) }
        hostNames = groups.isEmpty ? (residents[group.path] ?? []).sorted() : []
        hosts = groups.isEmpty ? hostNames.count : groups.reduce(0) { $0 + $1.hosts }
        blocksTaken = groups.isEmpty ? taken[group.path] ?? 0 : groups.reduce(0) { $0 + $1.blocksTaken }
        padding = PrefixGroup.padding(of: group.cidr, after: group.groups)
    }
}
