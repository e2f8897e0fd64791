import Addresses

extension TopologyDocument {
    /// A network with its tree.
    typealias Cut = (network: Network, tree: GroupTree?)

    /// Each network of this document with what it was in `old`, then those of `old` that are gone.
    ///
    /// A network is the same when its name is; a new name goes to a network whose own is gone and that shares
    /// addresses.
    func pairs(with old: TopologyDocument?) -> [(before: Cut?, after: Cut?)] {
        var gone = (old?.networks ?? []).filter { network($0.name) == nil }
        var pairs: [(before: Cut?, after: Cut?)] = networks.map { network in
            var before = old?.network(network.name)
            if before == nil {
                let place =
                    gone.firstIndex { $0.cidr == network.cidr } ?? gone.firstIndex { $0.cidr.overlaps(network.cidr) }
                before = place.map { gone.remove(at: $0) }
            }
            return (before.map { ($0, old?.tree(of: $0.name)) }, (network, tree(of: network.name)))
        }
        pairs += gone.map { (($0, old?.tree(of: $0.name)), nil) }
        return pairs
    }

    /// The document with the blackouts of `old` in networks that it is silent on.
    ///
    /// Throws when a blackout covers a whole network.
    func keepingBlackouts(of old: TopologyDocument) throws(TopologyError) -> TopologyDocument {
        let kept = old.networks.flatMap(\.blackouts)
        guard !kept.isEmpty, !silentOnBlackouts.isEmpty else { return self }
        var problems: [TopologyError] = []
        var networks = networks
        for (index, network) in networks.enumerated() where silentOnBlackouts.contains(network.name) {
            let field = "networks[\(index)]"
            let inside = kept.filter { $0.overlaps(network.cidr) }
            if let around = inside.first(where: { $0.contains(network.cidr) }) {
                problems.append(
                    TopologyError(
                        field: "\(field).cidr",
                        problem: "all of \(network.cidr) of network \(network.name) would be part of blackout \(around)"
                    ))
                continue
            }
            networks[index] = try network.blackingOut(inside, field: field)
        }
        if let error = TopologyError(problems) { throw error }
        return try TopologyDocument(networks: networks, topologies: topologies)
    }

    /// The document without naming hosts that stand where they are named and may stay there by their labels, unless
    /// `old` names them too.
    ///
    /// What is shown to users names every host. If that were taken at its word when it is posted back, no host could
    /// ever follow its labels again.
    func withoutShownHosts(_ hosts: [HostRecord], old: TopologyDocument?) -> TopologyDocument {
        let shown = Set(
            hosts.filter { host in
                guard let places = namedGroups(of: host.name), old?.namedGroups(of: host.name) == nil else {
                    return false
                }
                return places.allSatisfy { name, place in
                    guard let network = network(name), let leaf = tree(of: name)?.leaf(place.path) else { return false }
                    let before = group(of: host, before: network)
                    return leaf.suits(host.tags) && (before?.path == place.path || before?.cidr == place.cidr)
                }
            }.map(\.name))
        guard !shown.isEmpty else { return self }
        let maps = topologies.map { map in
            TopologyMap(networks: map.networks, groups: map.groups.map { $0.withoutHosts(shown) })
        }
        // With fewer hosts it is as valid as it was.
        return (try? TopologyDocument(networks: networks, topologies: maps)) ?? self
    }

    /// Whether networks and trees are the same, whatever hosts they name and however the trees are listed.
    func looksLike(_ other: TopologyDocument) -> Bool {
        networks == other.networks
            && networks.allSatisfy { network in
                tree(of: network.name)?.groups.map { $0.shown(with: [:]) }
                    == other.tree(of: network.name)?.groups.map { $0.shown(with: [:]) }
            }
    }

    /// Where it names hosts of a cluster, by host and network.
    func pins(of hosts: [HostRecord]) -> [String: [String: HostGroup]] {
        let known = Set(hosts.map(\.name))
        return namedHosts.reduce(into: [:]) { pins, host in
            if known.contains(host.name) { pins[host.name] = host.groups }
        }
    }

    /// The path of the first group that names a host.
    func namedField(of host: String) -> String {
        for network in networks {
            guard let group = namedGroups(of: host)?[network.name],
                let leaf = tree(of: network.name)?.leaf(group.path)
            else { continue }
            return leaf.field
        }
        return "topologies"
    }
}

extension TopologyGroup {
    /// The same group and all below without some hosts.
    fileprivate func withoutHosts(_ names: Set<String>) -> TopologyGroup {
        var rest = self
        rest.groups = groups.map { $0.withoutHosts(names) }
        rest.hosts = hosts.filter { !names.contains($0.name) }
        return rest
    }
}
