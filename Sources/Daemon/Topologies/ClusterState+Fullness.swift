import Addresses
import Topology

extension ClusterState {
    /// How many groups of each network have no block left.
    var fullGroups: [(network: String, count: Int64)] {
        guard let document = topology?.value.document else { return [] }
        return document.networks.map { network in
            let leaves = document.tree(of: network.name)?.leaves ?? []
            let full = leaves.count { !$0.isDummy && !taken.hasRoom(in: $0.cidr, of: network) }
            return (network.name, Int64(full))
        }
    }

    /// What `GET /v1/networks/NAME` answers; throws 404 for an unknown network.
    func detail(ofNetwork name: String) throws(DaemonError) -> NetworkDetailBody {
        try requireComplete()
        guard let topology, let network = topology.value.document.network(name) else {
            throw DaemonError(.missing, "show network \(name): no such network", type: "network", id: name)
        }
        let document = topology.value.document
        let own = blocks.values.lazy.map(\.value).filter { $0.network == name }
        var counts = Tally()
        var byGroup: [String: Tally] = [:]
        for block in own {
            let isSpilled = hosts[block.host].map { block.isOutside($0.value) } ?? false
            counts.add(block, isSpilled: isSpilled)
            byGroup[block.group, default: Tally()].add(block, isSpilled: isSpilled)
        }
        let leaves = document.tree(of: name)?.leaves ?? []
        let groups = leaves.map { leaf in
            NetworkDetailBody.Group(
                path: leaf.path, cidr: leaf.cidr, hosts: placement?.hosts(in: leaf.path, of: name) ?? 0,
                isDummy: leaf.isDummy,
                blocks: (byGroup[leaf.path] ?? Tally()).fullness(
                    BlockCapacity(of: leaf.cidr, in: network), isFull: !taken.hasRoom(in: leaf.cidr, of: network)))
        }
        let open = groups.filter { !$0.isDummy }
        let capacity = leaves.filter { !$0.isDummy }.reduce(UInt128(0)) {
            $0.addingReportingOverflow(BlockCapacity(of: $1.cidr, in: network).blocks).partialValue
        }
        return NetworkDetailBody(
            name: name, cidr: network.cidr, blockMask: network.blockMask,
            tenants: network.isForAll ? ["*"] : network.tenants, revision: topology.value.revision,
            hosts: hosts.values.count { $0.value.groups[name] != nil },
            blocks: counts.fullness(capacity, isFull: open.allSatisfy(\.blocks.isFull)), groups: groups)
    }
}

/// What is counted of some blocks.
private struct Tally {
    var granted = 0
    var used = 0
    var spilled = 0
    var addresses = 0

    mutating func add(_ block: BlockRecord, isSpilled: Bool) {
        granted += 1
        if block.isInUse { used += 1 }
        if isSpilled { spilled += 1 }
        addresses += block.allocated
    }

    func fullness(_ capacity: BlockCapacity, isFull: Bool) -> NetworkDetailBody.Fullness {
        fullness(capacity.blocks, isFull: isFull)
    }

    func fullness(_ blocks: UInt128, isFull: Bool) -> NetworkDetailBody.Fullness {
        NetworkDetailBody.Fullness(
            capacity: LargeNumber(value: blocks), granted: granted, used: used, spilled: spilled,
            addresses: addresses, isFull: isFull)
    }
}
