import Addresses
import Topology

extension ClusterHistory {
    /// Everything that does not hold, in words.
    var faults: [String] { recordFaults() + addressFaults() + placementFaults() }

    /// What is wrong with the records of blocks.
    func recordFaults() -> [String] {
        var faults: [String] = []
        let blocks = cluster.blocks.values.sorted { $0.cidr < $1.cidr }
        for (block, next) in zip(blocks, blocks.dropFirst()) where block.cidr.overlaps(next.cidr) {
            faults.append("\(block.cidr) overlaps \(next.cidr)")
        }
        for block in blocks {
            let place = cluster.document.place(of: block.cidr)
            if cluster.hosts[block.host] == nil { faults.append("\(block.cidr) is of no host") }
            if !cluster.taken.contains(block.cidr) { faults.append("\(block.cidr) is not taken") }
            if block.group.isEmpty {
                if place != nil { faults.append("\(block.cidr) does not know its group") }
            } else if place?.group.path != block.group || place?.network.name != block.network {
                faults.append("\(block.cidr) is not in group \(block.group) of network \(block.network)")
            } else if place?.group.cidr != block.groupCIDR {
                faults.append("\(block.cidr) has the addresses of its group wrong")
            }
        }
        let all = ["0.0.0.0/0", "::/0"].compactMap { IPPrefix($0) }.reduce(0) { $0 + cluster.taken.count(in: $1) }
        if all != blocks.count { faults.append("\(all) blocks are taken, \(blocks.count) granted") }
        for name in cluster.hosts.keys {
            let own = blocks.filter { $0.host == name }.map(\.cidr)
            let aggregates = IPPrefix.aggregate(own)
            let covered = aggregates.reduce(UInt128(0)) { $0 + $1.count }
            let isExact = covered == own.reduce(UInt128(0)) { $0 + $1.count }
            if !isExact || !own.allSatisfy({ block in aggregates.contains { $0.contains(block) } }) {
                faults.append("the aggregates of \(name) are not its blocks")
            }
        }
        return faults
    }

    /// What is wrong with the addresses that pods have, and with counts.
    func addressFaults() -> [String] {
        var faults: [String] = []
        var seen: Set<IPAddress> = []
        for pod in pods.values {
            for address in pod.addresses {
                if !seen.insert(address).inserted { faults.append("\(address) is given twice") }
                if cluster.nodes[pod.host]?.owner(of: address) != pod.owner { faults.append("\(address) is lost") }
            }
        }
        for (name, node) in cluster.nodes {
            if node.statistics.strays > 0 { faults.append("\(name) has addresses of no block") }
            let own = pods.values.filter { $0.host == name }.flatMap(\.addresses)
            if node.statistics.used != own.count {
                faults.append("\(name) counts \(node.statistics.used) of \(own.count)")
            }
            for record in node.records {
                let count = own.count { record.cidr.contains($0) }
                if record.allocated != count || record.isTagged != (count > 0) {
                    faults.append("\(record.cidr) counts \(record.allocated) of \(count)")
                }
                if cluster.blocks[record.cidr]?.host != name { faults.append("\(name) has \(record.cidr) by itself") }
            }
        }
        return faults
    }

    /// What is wrong with where hosts are.
    func placementFaults() -> [String] {
        var faults: [String] = []
        let named = cluster.document.namedHosts
        for (name, host) in cluster.hosts {
            if host.groups.isEmpty { faults.append("\(name) is in no group") }
            for (network, group) in host.groups {
                let leaf = cluster.document.tree(of: network)?.leaf(group.path)
                if leaf?.cidr != group.cidr { faults.append("\(name) is in group \(group.path), which is none") }
                if leaf?.suits(host.tags) != true,
                    !named.contains(where: { $0.name == name && $0.groups[network] == group })
                {
                    faults.append("\(name) is in group \(group.path), which does not suit")
                }
            }
        }
        for network in cluster.document.networks {
            for leaf in cluster.document.tree(of: network.name)?.leaves ?? [] {
                let places = named.filter { cluster.hosts[$0.name] == nil } + cluster.hosts.values
                let count = places.count { $0.groups[network.name]?.path == leaf.path }
                if cluster.placement.hosts(in: leaf.path, of: network.name) != count {
                    faults.append("group \(leaf.path) of network \(network.name) counts its hosts wrong")
                }
            }
        }
        return faults
    }
}
