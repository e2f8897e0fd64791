public import Addresses

/// The topology of a cluster: its networks, and the trees of groups along which they are cut.
///
/// A document that exists is valid: names are unique, networks do not overlap, every tree fits its network.
public struct TopologyDocument: Sendable {
    /// The networks, in the order they are tried.
    public let networks: [Network]
    /// The trees, as given.
    public let topologies: [TopologyMap]
    /// The trees cut for each network, by its name.
    private let trees: [String: GroupTree]
    /// The groups of the hosts that it names, by host and network.
    private let named: [String: [String: HostGroup]]
    /// Networks of which it does not say what is blacked out, so that what was so stays so.
    let silentOnBlackouts: Set<String>

    /// Checks and makes a document; what is wrong with it is thrown as one error, all of it.
    public init(networks: [Network], topologies: [TopologyMap]) throws(TopologyError) {
        try self.init(DocumentDraft(networks: networks, topologies: topologies))
    }

    init(_ draft: DocumentDraft) throws(TopologyError) {
        var problems = draft.problems + draft.nameProblems + draft.overlapProblems
        let trees = draft.trees(&problems)
        if let error = TopologyError(problems) { throw error }
        self.networks = draft.networks.map(\.network)
        self.topologies = draft.topologies
        self.trees = trees
        self.named = DocumentDraft.namedGroups(trees)
        self.silentOnBlackouts = draft.silentOnBlackouts
    }

    /// The network of a name; nil when there is none.
    public func network(_ name: String) -> Network? {
        networks.first { $0.name == name }
    }

    /// The network that all of `prefix` is part of; nil when there is none.
    public func network(containing prefix: IPPrefix) -> Network? {
        networks.first { $0.cidr.contains(prefix) }
    }

    /// The tree of a network; nil when the network is unknown or listed in no topology, so that no host takes part in
    /// it.
    public func tree(of network: String) -> GroupTree? { trees[network] }

    /// The network and the leaf group that all of `prefix` is part of; nil when there is none.
    public func place(of prefix: IPPrefix) -> (network: Network, group: PrefixGroup)? {
        guard let network = network(containing: prefix), let leaf = trees[network.name]?.leaf(containing: prefix)
        else { return nil }
        return (network, leaf)
    }

    /// The groups that the document itself names a host in, by network; nil when it does not name it.
    func namedGroups(of host: String) -> [String: HostGroup]? { named[host] }

    /// The path of a network in the document, for errors.
    func field(of network: String) -> String {
        networks.firstIndex { $0.name == network }.map { "networks[\($0)]" } ?? "networks"
    }
}

extension TopologyDocument: Equatable {
    /// Documents are equal when their networks and trees are.
    public static func == (left: TopologyDocument, right: TopologyDocument) -> Bool {
        left.networks == right.networks && left.topologies == right.topologies
    }
}

extension TopologyDocument: Codable {
    private enum CodingKeys: String, CodingKey {
        case networks, topologies
    }

    /// Reads and checks a document: keys of any case, unknown ones ignored.
    ///
    /// Throws ``TopologyError`` with everything that is wrong when it is not valid.
    public init(from decoder: any Decoder) throws {
        try self.init(DocumentDraft(from: decoder))
    }

    /// Writes the document in the form that can be read back.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networks, forKey: .networks)
        try container.encode(topologies, forKey: .topologies)
    }
}
