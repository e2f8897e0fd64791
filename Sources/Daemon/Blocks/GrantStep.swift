import Addresses
import Topology

/// What the state says must happen next for a grant.
enum GrantStep: Sendable {
    /// The same request was granted before: these are its blocks, if the ledger was last changed at this revision.
    case granted([BlockRecord], at: Int64)
    /// The mirror of blocks is behind that of grants: look again at this revision.
    case behind(Int64)
    /// This transaction would make the grant; its blocks are reserved.
    case commit(GrantPlan)
}

/// A grant that is ready to be judged.
struct GrantPlan: Sendable {
    /// The records to be written.
    var blocks: [BlockRecord]
    /// The transaction that writes them.
    var transaction: StoreTransaction
    /// What was known when it was made.
    var seen: [ClusterPart: Int64]
}

extension ClusterState {
    /// Decides the next step of a grant and reserves the blocks it chooses.
    ///
    /// Throws 404 for an unknown host, 422 for an unknown network, 409 when the host has no group there or the group is full, 409 when
    /// the request's name was used for another network.
    mutating func nextStep(of grant: GrantRequest, to host: String, request: String) throws(DaemonError) -> GrantStep {
        try requireComplete()
        guard let record = hosts[host] else {
            throw DaemonError(.missing, "grant a block to host \(host): no such host", type: "host", id: host)
        }
        if let step = try earlier(grant, to: host, request: request) { return step }
        guard let topology else { throw StoredTopology.none("grant a block to host \(host)") }
        let (group, network) = try topology.value.group(of: record.value, in: grant.network)
        let free = BlockGrant.choose(grant.count ?? 1, in: group.cidr, of: network) { taken.obstacle(to: $0) }
        guard !free.isEmpty else {
            throw DaemonError(
                .conflict,
                "grant a block to host \(host): every block of group \(group.path) (\(group.cidr)) "
                    + "of network \(grant.network) is taken", type: "group", id: group.path)
        }
        let records = free.map { cidr in
            BlockRecord(
                cidr: cidr, network: grant.network, group: group.path, groupCIDR: group.cidr, host: host,
                grant: request)
        }
        let plan = try plan(records, for: grant, to: host, request: request)
        reserve(free)
        return .commit(plan)
    }

    private func earlier(_ grant: GrantRequest, to host: String, request: String) throws(DaemonError) -> GrantStep? {
        guard let ledger = ledgers[host], let entry = ledger.value.grant(for: request) else { return nil }
        guard entry.network == grant.network else {
            throw DaemonError(
                .conflict,
                "grant a block of network \(grant.network) to host \(host): "
                    + "request \(request) was for network \(entry.network)", type: "request", id: request)
        }
        guard hasReached(.blocks, ledger.modRevision) else { return .behind(ledger.modRevision) }
        let present = entry.blocks.compactMap { blocks[$0]?.value }
        return .granted(present.filter { $0.host == host && $0.grant == request }, at: ledger.modRevision)
    }

    private func plan(
        _ records: [BlockRecord], for grant: GrantRequest, to host: String, request: String
    ) throws(DaemonError) -> GrantPlan {
        var ledger = ledgers[host]?.value ?? GrantLedger()
        ledger.add(GrantLedger.Entry(request: request, network: grant.network, blocks: records.map(\.cidr)))
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology?.modRevision)
        transaction.expect(keys.host(host), at: hosts[host]?.modRevision)
        transaction.expect(keys.grants(of: host), at: ledgers[host]?.modRevision)
        transaction.then.append(.put(keys.grants(of: host), try JSONBody.bytes(ledger)))
        for record in records {
            transaction.expect(keys.block(record.cidr), at: nil)
            transaction.then.append(.put(keys.block(record.cidr), try JSONBody.bytes(record)))
        }
        return GrantPlan(blocks: records, transaction: transaction, seen: reached)
    }
}
