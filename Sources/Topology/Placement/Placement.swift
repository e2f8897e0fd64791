/// Where hosts go: in every network to the group with the fewest hosts of those that suit, the first of equals.
public struct Placement: Sendable {
    let document: TopologyDocument
    /// Who is in each leaf, placed there or named there by the document, by network and by the leaf's place in its
    /// tree.
    private var residents: [String: [Set<String>]]

    /// Looks at the hosts of a cluster.
    public init(_ document: TopologyDocument, hosts: some Sequence<HostRecord>) {
        self.document = document
        residents = Dictionary(
            document.networks.map { network in
                (network.name, [Set<String>](repeating: [], count: document.tree(of: network.name)?.leaves.count ?? 0))
            }, uniquingKeysWith: { first, _ in first })
        for host in document.namedHosts { add(host) }
        for host in hosts { add(host) }
    }

    /// Counts a host where its record says it is.
    public mutating func add(_ host: HostRecord) {
        for (network, group) in host.groups {
            guard let index = document.tree(of: network)?.index(of: group.path) else { continue }
            residents[network]?[index].insert(host.name)
        }
    }

    /// Counts a host no more, save where the document names it, which keeps its place.
    public mutating func remove(_ host: HostRecord) {
        let named = document.namedGroups(of: host.name) ?? [:]
        for (network, group) in host.groups where named[network]?.path != group.path {
            guard let index = document.tree(of: network)?.index(of: group.path) else { continue }
            residents[network]?[index].remove(host.name)
        }
    }

    /// How many hosts are in a leaf.
    public func hosts(in path: String, of network: String) -> Int {
        document.tree(of: network)?.index(of: path).flatMap { residents[network]?[$0].count } ?? 0
    }

    /// The hosts in each leaf, in the order of the tree.
    func residents(of network: String) -> [Set<String>] { residents[network] ?? [] }

    /// The group of a host in each network that takes it, by the network's name.
    ///
    /// A host that the document names is where it is named, and nowhere else. Any other stays in the group of its
    /// record while the document has that and its labels suit it; else its labels decide anew. Networks without a group
    /// that suits are left out. The blocks that a host has are where they were; only new ones come from a new group.
    ///
    /// Throws when no network takes the host, and names the label that no longer suits if it was in a group.
    public func groups(for host: HostRecord) throws(TopologyError) -> [String: HostGroup] {
        if let named = document.namedGroups(of: host.name) { return named }
        var groups: [String: HostGroup] = [:]
        for network in document.networks {
            guard let tree = document.tree(of: network.name) else { continue }
            if let held = host.groups[network.name].flatMap({ tree.leaf($0.path) }), held.suits(host.tags) {
                groups[network.name] = held.place
            } else if let leaf = emptiest(of: tree, for: host.tags) {
                groups[network.name] = leaf.place
            }
        }
        if groups.isEmpty { throw misfit(of: host) }
        return groups
    }

    /// The leaf with the fewest hosts of those that suit some labels, the first of equals; nil when none suits.
    func emptiest(of tree: GroupTree, for tags: [String: String]) -> PrefixGroup? {
        guard let residents = residents[tree.network.name] else { return nil }
        var best: Int?
        for index in tree.leaves.indices {
            // Labels are looked at last: a tree may have thousands of leaves.
            if let best, residents[index].count >= residents[best].count { continue }
            if tree.leaves[index].suits(tags) { best = index }
        }
        return best.map { tree.leaves[$0] }
    }

    /// The error of a host that no network takes.
    private func misfit(of host: HostRecord) -> TopologyError {
        for network in document.networks {
            guard let held = host.groups[network.name].flatMap({ document.tree(of: network.name)?.leaf($0.path) }),
                let misfit = held.firstMisfit(host.tags)
            else { continue }
            return TopologyError(
                field: "host \(host.name)",
                problem: "label \(misfit.label) is \(host.tags[misfit.label].map { "\"\($0)\"" } ?? "missing"), "
                    + "but its group \(held.path) of network \(network.name) asks for \"\(misfit.value)\", "
                    + "and no other group of any network suits it")
        }
        let names = document.networks.map(\.name).joined(separator: ", ")
        return TopologyError(
            field: "host \(host.name)",
            problem: "no suitable group in any network (\(names.isEmpty ? "there is none" : names)) "
                + "for labels \(host.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })")
    }
}
