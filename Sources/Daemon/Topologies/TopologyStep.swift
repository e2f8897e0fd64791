import Addresses
import Topology

extension ClusterState {
    /// What `GET /topology` answers: the document with the hosts of now, 404 while there is none.
    func topologyDocument() throws(DaemonError) -> TopologyDocument {
        try requireComplete()
        guard let topology else {
            throw DaemonError(.missing, "show the topology: there is none yet", type: "topology")
        }
        return topology.value.document.shown(with: hosts.values.map(\.value).sorted { $0.name < $1.name })
    }

    /// The transaction that puts `document` in the place of what is known.
    ///
    /// Throws 409 when a host would have no group, a block in use would be outside its host's group, or a host that the
    /// document names clashes with one that is there.
    func replacement(with document: TopologyDocument) throws(DaemonError) -> StoreTransaction {
        let doing = "replace the topology"
        try requireComplete()
        guard hasReached(.blocks, changed[.grants] ?? 0) else {
            throw DaemonError(.unavailable, "\(doing): not every block that was granted is known yet")
        }
        let next = StoredTopology(revision: (topology?.value.revision ?? 0) + 1, document: document)
        for named in document.namedHosts { try checkNamed(named, doing) }
        var seating = Seating(next, doing)
        for known in blocks.values.sorted(by: { $0.value.cidr < $1.value.cidr }) { try seating.check(known.value) }
        for host in hosts.values.map(\.value).sorted(by: { $0.name < $1.name }) {
            _ = try seating.seat(host, holding: blocks(of: host.name).compactMap { blocks[$0.cidr]?.value })
        }
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology?.modRevision)
        transaction.conditions.append(.unchangedSince(prefix: keys.hosts, reached[.hosts] ?? 0))
        transaction.conditions.append(.unchangedSince(prefix: keys.grants, reached[.grants] ?? 0))
        transaction.then = [.put(keys.topology, try JSONBody.bytes(next))]
        return transaction
    }

    private func checkNamed(_ named: HostRecord, _ doing: String) throws(DaemonError) {
        if let known = hosts[named.name]?.value, known.addresses.first != named.addresses.first {
            throw DaemonError(
                .conflict, "\(doing): it names host \(named.name) with \(named.ip), host \(known.name) has \(known.ip)",
                type: "host", id: named.name)
        }
        for address in named.addresses {
            guard let other = hostByAddress[address], other != named.name else { continue }
            throw DaemonError(
                .conflict, "\(doing): it names host \(named.name) with \(address), which host \(other) has",
                type: "host",
                id: other)
        }
    }

    /// A transaction that makes some hosts and blocks follow the topology; nil when all of them do.
    ///
    /// Hosts whose groups are gone are placed anew, and blocks are told the network and group that they are part of now.
    func settlement() throws(DaemonError) -> StoreTransaction? {
        guard isComplete, let topology else { return nil }
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology.modRevision)
        var seating = Seating(topology.value, hosts: hosts.values.map(\.value), "place hosts anew")
        for known in hosts.values.sorted(by: { $0.value.name < $1.value.name }) {
            guard transaction.then.count < StoreTransaction.largest - 2 else { break }
            var host = known.value
            let held = blocks(of: host.name).compactMap { blocks[$0.cidr]?.value }
            guard let groups = try? seating.seat(host, holding: held), groups != host.groups else { continue }
            host.groups = groups
            host.revision += 1
            transaction.expect(keys.host(host.name), at: known.modRevision)
            transaction.then.append(.put(keys.host(host.name), try JSONBody.bytes(host)))
        }
        for (cidr, known) in blocks {
            guard transaction.then.count < StoreTransaction.largest - 2 else { break }
            guard let place = topology.value.place(of: cidr) else { continue }
            var block = known.value
            (block.network, block.group, block.groupCIDR) = (place.network, place.group.path, place.group.cidr)
            guard block != known.value else { continue }
            transaction.expect(keys.block(cidr), at: known.modRevision)
            transaction.then.append(.put(keys.block(cidr), try JSONBody.bytes(block)))
        }
        return transaction.then.isEmpty ? nil : transaction
    }
}
