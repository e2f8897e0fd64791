import Addresses

extension TopologyDocument {
    /// The document as it is shown to users, which can be posted back.
    ///
    /// There is one entry of `topologies` for each network, and each group has its addresses and its hosts.
    ///
    /// - Parameter hosts: the cluster's hosts; in each group they keep their order.
    public func shown(with hosts: some Sequence<HostRecord>) -> TopologyDocument {
        var residents: [String: [String: [TopologyHost]]] = [:]
        for host in hosts {
            guard let address = host.addresses.first else { continue }
            let shown = TopologyHost(name: host.name, address: address, assignment: host.tags)
            for (network, group) in host.groups {
                residents[network, default: [:]][group.path, default: []].append(shown)
            }
        }
        let maps = networks.compactMap { network in
            tree(of: network.name).map { tree in
                TopologyMap(
                    networks: [network.name],
                    groups: tree.groups.map { $0.shown(with: residents[network.name] ?? [:]) })
            }
        }
        // Nothing but hosts and addresses was changed, so it is as valid as it was.
        return (try? TopologyDocument(networks: networks, topologies: maps)) ?? self
    }

    /// The hosts that the document names, each once, with the groups it is named in; in order of names.
    public var namedHosts: [HostRecord] {
        var records: [String: HostRecord] = [:]
        for network in networks {
            for leaf in tree(of: network.name)?.leaves ?? [] {
                for host in leaf.hosts {
                    records[host.name, default: HostRecord(name: host.name, addresses: [host.address])]
                        .groups[network.name] = leaf.place
                }
            }
        }
        return records.values.sorted { $0.name < $1.name }
    }

    /// The document with other addresses for some networks; names that it does not have are ignored.
    ///
    /// Throws when a network or its tree does not fit the new addresses.
    func replacingCIDRs(_ cidrs: [String: IPPrefix]) throws(TopologyError) -> TopologyDocument {
        var replaced: [Network] = []
        var problems: [TopologyError] = []
        for (index, network) in networks.enumerated() {
            guard let cidr = cidrs[network.name] else {
                replaced.append(network)
                continue
            }
            do throws(TopologyError) {
                replaced.append(
                    try Network(
                        name: network.name, cidr: cidr, blockMask: network.blockMask, tenants: network.tenants,
                        blackouts: network.blackouts, field: "networks[\(index)]"))
            } catch {
                problems += error.all
            }
        }
        if let error = TopologyError(problems) { throw error }
        return try TopologyDocument(networks: replaced, topologies: topologies)
    }
}
