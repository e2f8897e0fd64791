import Addresses

/// The parts of a document before they are checked against each other.
struct DocumentDraft: Decodable {
    /// Networks that are sound by themselves, with their place in the document.
    let networks: [(index: Int, network: Network)]
    /// The names of the others.
    private let broken: Set<String>
    let topologies: [TopologyMap]
    let silentOnBlackouts: Set<String>
    /// What is wrong with single networks and groups.
    let problems: [TopologyError]

    init(networks: [Network], topologies: [TopologyMap]) {
        self.networks = networks.enumerated().map { ($0.offset, $0.element) }
        self.topologies = topologies
        broken = []
        silentOnBlackouts = []
        problems = []
    }

    init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        let networks = try object.value([NetworkDraft].self, "networks") ?? []
        let topologies = try object.value([TopologyMapDraft].self, "topologies") ?? []
        self.networks = networks.enumerated().compactMap { index, draft in draft.network.map { (index, $0) } }
        broken = Set(networks.filter { $0.network == nil }.map(\.name))
        silentOnBlackouts = Set(networks.filter { !$0.statesBlackouts }.map(\.name))
        self.topologies = topologies.map(\.map)
        problems = networks.flatMap(\.problems) + topologies.flatMap(\.problems)
    }

    /// Names that two networks have.
    var nameProblems: [TopologyError] {
        var seen: [String: (index: Int, network: Network)] = [:]
        return networks.compactMap { index, network in
            guard let first = seen[network.name] else {
                seen[network.name] = (index, network)
                return nil
            }
            return TopologyError(
                field: "networks[\(index)].name",
                problem: "network \(network.name) (\(network.cidr)) is already defined by networks[\(first.index)] "
                    + "(\(first.network.cidr))")
        }
    }

    /// Networks that share addresses.
    var overlapProblems: [TopologyError] {
        // Sorted, only the widest so far can contain the next.
        var widest: (index: Int, network: Network)?
        var problems: [(index: Int, error: TopologyError)] = []
        for entry in networks.sorted(by: { ($0.network.cidr, $0.index) < ($1.network.cidr, $1.index) }) {
            guard let other = widest, other.network.cidr.overlaps(entry.network.cidr) else {
                widest = entry
                continue
            }
            let (later, earlier) = entry.index > other.index ? (entry, other) : (other, entry)
            let error = TopologyError(
                field: "networks[\(later.index)].cidr",
                problem: "\(later.network.cidr) of network \(later.network.name) overlaps "
                    + "\(earlier.network.cidr) of network \(earlier.network.name)")
            problems.append((later.index, error))
        }
        return problems.sorted { $0.index < $1.index }.map(\.error)
    }

    /// Cuts every network along its tree and adds what is wrong with that.
    func trees(_ problems: inout [TopologyError]) -> [String: GroupTree] {
        let byName = Dictionary(networks.map { ($0.network.name, $0.network) }, uniquingKeysWith: { first, _ in first })
        var trees: [String: GroupTree] = [:]
        var seen: [String: String] = [:]
        for (index, topology) in topologies.enumerated() {
            for (place, name) in topology.networks.enumerated() {
                let field = "topologies[\(index)].networks[\(place)]"
                guard let network = byName[name] else {
                    if !broken.contains(name) {
                        let problem = "network \(name) is not defined in networks"
                        problems.append(TopologyError(field: field, problem: problem))
                    }
                    continue
                }
                if let first = seen.updateValue(field, forKey: name) {
                    let problem = "network \(name) appears more than once, first in \(first)"
                    problems.append(TopologyError(field: field, problem: problem))
                    continue
                }
                do throws(TopologyError) {
                    trees[name] = try GroupTree(network, topology.groups, field: "topologies[\(index)].map")
                } catch {
                    problems += error.all
                }
            }
        }
        return trees
    }

    /// The groups of the hosts named in some trees, by host and network; of several groups the first.
    static func namedGroups(_ trees: [String: GroupTree]) -> [String: [String: HostGroup]] {
        var named: [String: [String: HostGroup]] = [:]
        for (network, tree) in trees {
            for leaf in tree.leaves {
                for host in leaf.hosts where named[host.name]?[network] == nil {
                    named[host.name, default: [:]][network] = leaf.place
                }
            }
        }
        return named
    }
}
