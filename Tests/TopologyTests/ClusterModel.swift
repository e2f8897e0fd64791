import Addresses
import Topology

/// A cluster in miniature: records as etcd holds them, a daemon, and the blocks of each host.
///
/// Addresses do not cool down.
struct ClusterModel {
    private(set) var document: TopologyDocument
    private(set) var hosts: [String: HostRecord] = [:]
    private(set) var blocks: [IPPrefix: BlockRecord] = [:]
    private(set) var nodes: [String: NodeBlocks] = [:]
    private(set) var placement: Placement
    private(set) var taken = BlockSpace()
    /// What every grant so far came to.
    private(set) var grants: [BlockGrant] = []

    init(_ json: String) throws {
        try self.init(Documents.read(json))
    }

    init(_ document: TopologyDocument) throws {
        self.document = document
        placement = Placement(document, hosts: [])
        for host in document.namedHosts { try add(host) }
    }

    /// What a node's journal says of a pod.
    struct Pod {
        var owner: String
        var host: String
        var tenant: String
        var segment: String
        var addresses: [IPAddress]
    }

    /// The same cluster from its records and journals, as after a restart of everything.
    init(replaying other: ClusterModel, pods: some Sequence<Pod>) throws {
        document = try Documents.copy(other.document)
        placement = Placement(document, hosts: [])
        for host in other.hosts.values.sorted(by: { $0.name < $1.name }) {
            let host = try Documents.copy(host)
            hosts[host.name] = host
            placement.add(host)
        }
        for block in other.blocks.values {
            blocks[block.cidr] = try Documents.copy(block)
            taken.take(block.cidr)
        }
        for name in hosts.keys { restart(name, pods: pods) }
    }
}

extension ClusterModel {
    /// Adds a host, or changes the labels of one.
    mutating func add(_ host: HostRecord) throws {
        var host = host
        host.groups = hosts[host.name]?.groups ?? host.groups
        host.groups = try placement.groups(for: host)
        put(host)
        if nodes[host.name] == nil { nodes[host.name] = NodeBlocks(cooldown: 0) }
        tell(host.name)
    }

    /// Removes a host with its pods and blocks.
    mutating func remove(_ name: String) {
        guard let host = hosts.removeValue(forKey: name) else { return }
        placement.remove(host)
        nodes[name] = nil
        for cidr in blocks.values.filter({ $0.host == name }).map(\.cidr) { release(cidr) }
    }

    /// Puts another document in the place of the one in force.
    mutating func post(_ document: TopologyDocument) throws(TopologyError) -> TopologyChange {
        let change = try TopologyChange(
            from: self.document, to: document, hosts: hosts.values, blocks: blocks.values)
        self.document = change.document
        placement = Placement(change.document, hosts: hosts.values)
        for host in change.settlement.hosts { put(host) }
        for block in change.settlement.blocks { blocks[block.cidr] = block }
        for host in change.newcomers { try? add(host) }
        for name in nodes.keys { tell(name) }
        return change
    }

    mutating func add(blackout cidr: IPPrefix) throws(TopologyError) {
        let inUse = nodes.values.flatMap { node in addresses(of: node) }
        try take(BlackoutChange(adding: cidr, to: document, blocks: blocks.values, refusing: inUse))
    }

    mutating func remove(blackout cidr: IPPrefix) throws(TopologyError) {
        try take(BlackoutChange(removing: cidr, from: document, blocks: blocks.values))
    }

    private mutating func take(_ change: BlackoutChange) throws(TopologyError) {
        document = change.document
        placement = Placement(document, hosts: hosts.values)
        for name in nodes.keys { tell(name) }
    }

    private mutating func put(_ host: HostRecord) {
        if let before = hosts[host.name] { placement.remove(before) }
        hosts[host.name] = host
        placement.add(host)
    }

    /// Tells a node what the records say.
    private mutating func tell(_ name: String) {
        nodes[name]?.setNetworks(document.networks.filter { hosts[name]?.groups[$0.name] != nil })
        nodes[name]?.setBlocks(blocks.values.filter { $0.host == name }.sorted { $0.cidr < $1.cidr })
    }

    private mutating func release(_ cidr: IPPrefix) {
        blocks[cidr] = nil
        taken.release(cidr)
    }
}

extension ClusterModel {
    /// Gives an owner addresses, after the node got the blocks it wants.
    mutating func allocate(_ owner: String, on host: String, _ tenant: String = "t", _ segment: String = "s") throws
        -> String
    {
        // Who has addresses already needs no block.
        if nodes[host]?.allocations(of: owner).isEmpty == true { grant(to: host) }
        return try nodes[host]?.give(owner, tenant, segment).joined(separator: " ") ?? "no such host"
    }

    @discardableResult
    mutating func release(_ owner: String, on host: String) -> [IPAddress] {
        nodes[host]?.release(owner: owner, now: 0) ?? []
    }

    /// How many blocks of a host are in use, and how many of their addresses.
    func usage(of host: String) -> [Int] {
        (nodes[host]?.records ?? []).filter(\.isTagged).map(\.allocated)
    }

    /// Grants a host the blocks it wants.
    mutating func grant(to name: String) {
        for want in nodes[name]?.wants() ?? [] {
            guard let home = hosts[name]?.groups[want.network],
                let grant = try? BlockGrant(
                    want.count, of: want.network, home: home,
                    held: blocks.values.filter { $0.host == name }.map(\.cidr),
                    taken: taken, placement: placement)
            else { continue }
            grants.append(grant)
            for cidr in grant.blocks {
                let record = BlockRecord(
                    cidr: cidr, network: want.network, group: grant.group.path, groupCIDR: grant.group.cidr, host: name)
                blocks[cidr] = record
                taken.take(cidr)
                nodes[name]?.addBlock(record)
            }
        }
    }

    /// Takes back what a node has too much, on its second look.
    mutating func giveBack(from name: String) {
        for cidr in nodes[name]?.surplus(now: 0) ?? [] {
            nodes[name]?.removeBlock(cidr)
            release(cidr)
        }
    }

    /// Writes what nodes changed of their blocks.
    mutating func writeRecords() {
        for name in nodes.keys {
            for record in nodes[name]?.takeDirtyBlocks() ?? [] where blocks[record.cidr]?.host == name {
                blocks[record.cidr] = record
            }
        }
    }

    /// Starts a node's agent anew: it claims what its pods have and learns of its blocks.
    mutating func restart(_ name: String, pods: some Sequence<Pod>) {
        var node = NodeBlocks(cooldown: 0)
        for pod in pods where pod.host == name {
            for address in pod.addresses {
                node.claim(owner: pod.owner, address: address, tenant: pod.tenant, segment: pod.segment)
            }
        }
        nodes[name] = node
        tell(name)
    }

    private func addresses(of node: NodeBlocks) -> [IPAddress] {
        node.records.flatMap { record in
            (UInt128(0)..<min(record.cidr.count, 1 << 12)).compactMap { record.cidr.first.advanced(by: $0) }
                .filter { node.owner(of: $0) != nil }
        }
    }
}
