import Addresses
import Topology

/// A request for blocks of one host.
struct GrantAsk: Sendable {
    /// What is wanted.
    var grant: GrantRequest
    /// The host that wants it.
    var host: String
    /// The name of the request, the client's or one made up.
    var request: String
    /// What the logs of both sides call the request that it came with.
    var exchange = ExchangeID.current?.description ?? ""

    /// What it may need of a transaction.
    var cost: Draft.Cost {
        let count = grant.count ?? 1
        return Draft.Cost(conditions: count + 3, writes: count + 1)
    }
}

/// What a host was granted.
struct Grant: Sendable {
    /// The blocks.
    var blocks: [BlockRecord]
    /// The host's own group when it could not give all that was asked for; else nil.
    var fullGroup: HostGroup?
    /// Whether the request was granted before.
    var isRepeated = false

    /// Whether the blocks are part of another group than the host's.
    var isSpilled: Bool {
        guard let fullGroup, let block = blocks.first else { return false }
        return block.groupCIDR != fullGroup.cidr
    }
}

extension ClusterState {
    /// Decides on a grant, takes the blocks it chooses, and drafts what is to be written; nil when the mirror of blocks
    /// is behind that of grants, so that nothing can be said yet.
    ///
    /// Throws 404 for an unknown host, 422 for an unknown network, 409 when the host has no group there or the network is
    /// full, 409 when the request's name was used for another network.
    mutating func decide(_ ask: GrantAsk, _ draft: inout Draft) throws(DaemonError) -> Grant? {
        try requireComplete()
        let (host, network) = (ask.host, ask.grant.network)
        draft.expect(keys.host(host), at: hosts[host]?.modRevision)
        guard let record = hosts[host]?.value else {
            throw DaemonError(.missing, "grant a block to host \(host): no such host", type: "host", id: host)
        }
        let known = ledgers[host]
        draft.expect(keys.grants(of: host), at: known?.modRevision)
        var ledger = draft.ledgers[host] ?? known?.value.ledger ?? GrantLedger()
        if let entry = ledger.grant(for: ask.request) {
            return try repeated(entry, ask, draft, ledgerRevision: known?.modRevision ?? 0)
        }
        let standing = standing(ask)
        if !standing.isEmpty { return Grant(blocks: standing, isRepeated: true) }
        draft.expect(keys.topology, at: topology?.modRevision)
        guard let topology, let placement else { throw StoredTopology.none("grant a block to host \(host)") }
        let home = try topology.value.group(of: record, in: network)
        let grant = try choose(ask, home, placement)
        let blocks = grant.blocks.map { cidr in
            BlockRecord(
                cidr: cidr, network: network, group: grant.group.path, groupCIDR: grant.group.cidr, host: host,
                grant: ask.request)
        }
        for block in blocks {
            draft.expect(keys.block(block.cidr), at: nil)
            reserve(block.cidr)
        }
        ledger.add(GrantLedger.Entry(request: ask.request, network: network, blocks: grant.blocks))
        draft.write(blocks, ledger, of: host)
        return Grant(blocks: blocks, fullGroup: grant.isHomeFull ? home : nil)
    }

    /// The host's blocks that bear the name of the request: the ledger forgets in time, the blocks do not.
    private func standing(_ ask: GrantAsk) -> [BlockRecord] {
        var standing: [BlockRecord] = []
        for cidr in blocksByHost[ask.host] ?? [] {
            guard let block = blocks[cidr]?.value, block.grant == ask.request else { continue }
            if block.network == ask.grant.network { standing.append(block) }
        }
        return standing.sorted { $0.cidr < $1.cidr }
    }

    /// Chooses blocks, in the daemon's own lane of the host's group while others contend for it.
    private func choose(
        _ ask: GrantAsk, _ home: HostGroup, _ placement: Placement
    ) throws(DaemonError) -> (blocks: [IPPrefix], group: HostGroup, isHomeFull: Bool) {
        let count = ask.grant.count ?? 1
        if let lane, let network = topology?.value.document.network(ask.grant.network) {
            let own = taken.free(count, in: home.cidr, of: network, lane)
            if own.count == count { return (own, home, false) }
        }
        let grant: BlockGrant
        do throws(TopologyError) {
            grant = try BlockGrant(
                count, of: ask.grant.network, home: home, held: blocksByHost[ask.host] ?? [], taken: taken,
                placement: placement)
        } catch {
            throw DaemonError(.unavailable, "grant a block to host \(ask.host): \(error)", type: "group", id: home.path)
        }
        guard !grant.blocks.isEmpty else {
            throw DaemonError(
                .conflict,
                "grant a block to host \(ask.host): every block of network \(ask.grant.network) is taken, in its group "
                    + "\(home.path) (\(home.cidr)) and in all it could spill into", type: "network",
                id: ask.grant.network)
        }
        return (grant.blocks, grant.group, grant.isHomeFull)
    }

    /// The blocks of a request that was granted before which the host still has.
    private func repeated(
        _ entry: GrantLedger.Entry, _ ask: GrantAsk, _ draft: Draft, ledgerRevision: Int64
    ) throws(DaemonError) -> Grant? {
        guard entry.network == ask.grant.network else {
            throw DaemonError(
                .conflict,
                "grant a block of network \(ask.grant.network) to host \(ask.host): "
                    + "request \(ask.request) was for network \(entry.network)", type: "request", id: ask.request)
        }
        let drafted = draft.blocks.filter { $0.host == ask.host && $0.grant == ask.request }
        if !drafted.isEmpty { return Grant(blocks: drafted, isRepeated: true) }
        let present = entry.blocks.compactMap { blocks[$0]?.value }
            .filter { $0.host == ask.host && $0.grant == ask.request }
        guard present.count == entry.blocks.count || hasReached(.blocks, ledgerRevision) else { return nil }
        return Grant(blocks: present, isRepeated: true)
    }
}
