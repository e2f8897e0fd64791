/// One entry of `topologies`: a tree of groups, for each of the networks named.
public struct TopologyMap: Hashable, Sendable {
    /// The networks that are cut along the tree.
    public var networks: [String]
    /// The groups on top.
    public var groups: [TopologyGroup]

    /// A tree for some networks.
    public init(networks: [String], groups: [TopologyGroup]) {
        self.networks = networks
        self.groups = groups
    }
}

extension TopologyMap: Codable {
    private enum CodingKeys: String, CodingKey {
        case networks, map
    }

    /// Reads an entry; hosts right under `map` are those of one group for the whole network.
    public init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        networks = try object.value([String].self, "networks") ?? []
        let elements = try object.value([TopologyElement].self, "map") ?? []
        let (groups, hosts) = try TopologyElement.split(elements, field: object.field("map"))
        self.groups = hosts.isEmpty ? groups : [TopologyGroup(hosts: hosts)]
    }

    /// Writes the entry.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networks, forKey: .networks)
        try container.encode(groups, forKey: .map)
    }
}
