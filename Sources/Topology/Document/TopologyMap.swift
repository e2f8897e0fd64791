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

    /// Reads an entry; throws ``TopologyError`` for values that cannot be.
    public init(from decoder: any Decoder) throws {
        let draft = try TopologyMapDraft(from: decoder)
        if let error = TopologyError(draft.problems) { throw error }
        self = draft.map
    }

    /// Writes the entry.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networks, forKey: .networks)
        try container.encode(groups, forKey: .map)
    }
}

/// One entry of `topologies` as a document has it, with everything that is wrong with it.
struct TopologyMapDraft: Decodable {
    let map: TopologyMap
    let problems: [TopologyError]

    init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        var problems: [TopologyError] = []
        // The original shows a network once for each of its tenants; that is read as once.
        let networks = (try object.value([String].self, "networks") ?? []).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        let list = try TopologyList(object, "map", &problems)
        // Hosts right under `map` are those of one group for the whole network.
        let groups = list.hosts.isEmpty ? list.groups : [TopologyGroup(hosts: list.hosts)]
        map = TopologyMap(networks: networks, groups: groups)
        self.problems = problems
    }
}
