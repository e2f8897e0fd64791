/// Where hosts go: in every network to the group with the fewest hosts of those that suit, the first of equals.
public struct Placement: Sendable {
    private let document: TopologyDocument
    /// Who is in a leaf, by network and path: placed there, or named there by the document.
    private var residents: [String: [String: Set<String>]] = [:]

    /// Looks at the hosts of a cluster.
    public init(_ document: TopologyDocument, hosts: some Sequence<HostRecord>) {
        self.document = document
        for host in document.namedHosts { add(host) }
        for host in hosts { add(host) }
    }

    /// Counts a host where its record says it is.
    public mutating func add(_ host: HostRecord) {
        for (network, group) in host.groups {
            residents[network, default: [:]][group.path, default: []].insert(host.name)
        }
    }

    /// Counts a host no more.
    public mutating func remove(_ host: HostRecord) {
        for (network, group) in host.groups { residents[network]?[group.path]?.remove(host.name) }
    }

    /// The group of a host in each network that takes it, by the network's name.
    ///
    /// A host stays in the groups of its record as long as the document has them. The document's own word on where a
    /// host is comes next, then its labels. Networks without a group that suits are left out.
    ///
    /// Throws when the labels no longer suit a group that the host is in, and when no network takes it.
    public func groups(for host: HostRecord) throws(TopologyError) -> [String: HostGroup] {
        var groups: [String: HostGroup] = [:]
        for network in document.networks {
            guard let tree = document.tree(of: network.name) else { continue }
            let named = tree.leaves.first { leaf in leaf.hosts.contains { $0.name == host.name } }
            if let held = host.groups[network.name].flatMap({ tree.leaf($0.path) }) {
                if held.path != named?.path, let misfit = held.firstMisfit(host.tags) {
                    throw TopologyError(
                        field: "host \(host.name)",
                        problem:
                            "label \(misfit.label) is \(host.tags[misfit.label].map { "\"\($0)\"" } ?? "missing"), "
                            + "but its group \(held.path) of network \(network.name) asks for \"\(misfit.value)\"")
                }
                groups[network.name] = held.place
            } else if let leaf = named ?? emptiest(of: tree, for: host.tags) {
                groups[network.name] = leaf.place
            }
        }
        guard !groups.isEmpty else {
            let names = document.networks.map(\.name).joined(separator: ", ")
            throw TopologyError(
                field: "host \(host.name)",
                problem: "no suitable group in any network (\(names.isEmpty ? "there is none" : names)) "
                    + "for labels \(host.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })")
        }
        return groups
    }

    private func emptiest(of tree: GroupTree, for tags: [String: String]) -> PrefixGroup? {
        let counts = residents[tree.network.name] ?? [:]
        // Of equal elements `min` takes the first.
        return tree.leaves.filter { $0.suits(tags) }.min {
            counts[$0.path]?.count ?? 0 < counts[$1.path]?.count ?? 0
        }
    }
}
