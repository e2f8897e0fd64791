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

    /// Checks and makes a document.
    public init(networks: [Network], topologies: [TopologyMap]) throws(TopologyError) {
        self.networks = networks
        self.topologies = topologies
        try TopologyDocument.checkNames(networks)
        try TopologyDocument.checkOverlaps(networks)
        trees = try TopologyDocument.cut(networks, topologies)
    }

    /// The network of a name; nil when there is none.
    public func network(_ name: String) -> Network? {
        networks.first { $0.name == name }
    }

    /// The network that all of `prefix` is part of; nil when there is none.
    public func network(containing prefix: IPPrefix) -> Network? {
        networks.first { $0.cidr.contains(prefix) }
    }

    /// The tree of a network; nil when the network is unknown or listed in no topology, so that no host takes part in it.
    public func tree(of network: String) -> GroupTree? { trees[network] }

    private static func checkNames(_ networks: [Network]) throws(TopologyError) {
        var seen: [String: Int] = [:]
        for (index, network) in networks.enumerated() {
            if let first = seen.updateValue(index, forKey: network.name) {
                throw TopologyError(
                    field: "networks[\(index)].name",
                    problem: "network \(network.name) (\(network.cidr)) is already defined by networks[\(first)] "
                        + "(\(networks[first].cidr))")
            }
        }
    }

    private static func checkOverlaps(_ networks: [Network]) throws(TopologyError) {
        // Sorted, only the widest so far can contain the next.
        var widest: (index: Int, network: Network)?
        for (index, network) in networks.enumerated().sorted(by: { ($0.1.cidr, $0.0) < ($1.1.cidr, $1.0) }) {
            guard let other = widest, other.network.cidr.overlaps(network.cidr) else {
                widest = (index, network)
                continue
            }
            let (later, earlier) = index > other.index ? (network, other.network) : (other.network, network)
            throw TopologyError(
                field: "networks[\(max(index, other.index))].cidr",
                problem: "\(later.cidr) of network \(later.name) overlaps \(earlier.cidr) of network \(earlier.name)")
        }
    }

    private static func cut(
        _ networks: [Network], _ topologies: [TopologyMap]
    ) throws(TopologyError) -> [String: GroupTree] {
        let byName = Dictionary(networks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var trees: [String: GroupTree] = [:]
        var seen: [String: String] = [:]
        for (index, topology) in topologies.enumerated() {
            for (place, name) in topology.networks.enumerated() {
                let field = "topologies[\(index)].networks[\(place)]"
                guard let network = byName[name] else {
                    throw TopologyError(field: field, problem: "network \(name) is not defined in networks")
                }
                if let first = seen.updateValue(field, forKey: name) {
                    throw TopologyError(
                        field: field, problem: "network \(name) appears more than once, first in \(first)")
                }
                trees[name] = try GroupTree(network, topology.groups, field: "topologies[\(index)].map")
            }
        }
        return trees
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

    /// Reads and checks a document: keys of any case, unknown ones ignored; throws ``TopologyError`` when it is not valid.
    public init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        try self.init(
            networks: object.value([Network].self, "networks") ?? [],
            topologies: object.value([TopologyMap].self, "topologies") ?? [])
    }

    /// Writes the document in the form that can be read back.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networks, forKey: .networks)
        try container.encode(topologies, forKey: .topologies)
    }
}
