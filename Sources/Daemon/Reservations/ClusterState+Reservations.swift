import Addresses
import Topology

/// What is to be written for a reservation.
struct ReservationPlan: Sendable {
    var reservation: Reservation
    var transaction: StoreTransaction
}

extension ClusterState {
    /// Chooses an address: of the blocks that the daemons keep for host, tenant and segment the lowest that is free, else
    /// the first of a new block.
    ///
    /// Networks that name the tenant come before those for all, each in the document's order. Throws 409 when the name has
    /// an address, no network is for the tenant, or none has an address left; 422 for an unknown host.
    func plan(_ ask: ReservationAsk) throws(DaemonError) -> ReservationPlan {
        let doing = "allocate an address for \(ask.name)"
        try requireComplete()
        if let known = reservations[ask.name]?.value {
            throw DaemonError(
                .conflict, "\(doing): it has \(known.address) on host \(known.host)", type: "address", id: ask.name)
        }
        guard let host = hosts[ask.host]?.value else {
            throw DaemonError(.unusable, "\(doing): there is no host \(ask.host)", type: "host", id: ask.host)
        }
        guard let topology, let placement else { throw StoredTopology.none(doing) }
        let networks = topology.value.document.networks.filter { $0.serves(ask.tenant) }
        guard !networks.isEmpty else {
            throw DaemonError(
                .conflict, "\(doing): no network is for tenant \(ask.tenant)", type: "tenant", id: ask.tenant)
        }
        for network in networks.filter({ !$0.isForAll }) + networks.filter(\.isForAll) {
            if let plan = try used(ask, network) { return plan }
            guard let home = host.groups[network.name],
                let grant = try? BlockGrant(
                    1, of: network.name, home: home, held: blocksByHost[ask.host] ?? [], taken: taken,
                    placement: placement),
                let block = grant.blocks.first, let address = Self.free(in: block, of: network, but: [])
            else { continue }
            let record = BlockRecord(
                cidr: block, network: network.name, group: grant.group.path, groupCIDR: grant.group.cidr,
                host: ask.host,
                tenant: ask.tenant, segment: ask.segment, allocated: 1, grant: "address-\(ask.name)",
                keeper: BlockRecord.daemon)
            return try new(record, address, ask)
        }
        throw DaemonError(
            .conflict, "\(doing): no address is left on host \(ask.host) in any network of tenant \(ask.tenant)",
            type: "host", id: ask.host)
    }

    /// An address of a block that is kept already; nil when none has one left.
    private func used(_ ask: ReservationAsk, _ network: Network) throws(DaemonError) -> ReservationPlan? {
        for (cidr, revision) in blocks(of: ask.host) {
            guard var block = blocks[cidr]?.value, block.keeper == BlockRecord.daemon, block.network == network.name,
                block.tenant == ask.tenant, block.segment == ask.segment,
                let address = Self.free(in: cidr, of: network, but: reservedAddresses[cidr] ?? [])
            else { continue }
            block.allocated += 1
            var transaction = StoreTransaction()
            transaction.expect(keys.block(cidr), at: revision)
            return try reserve(address, block, ask, &transaction)
        }
        return nil
    }

    private func new(
        _ block: BlockRecord, _ address: IPAddress, _ ask: ReservationAsk
    ) throws(DaemonError) -> ReservationPlan {
        var ledger = ledgers[ask.host]?.value.ledger ?? GrantLedger()
        ledger.add(GrantLedger.Entry(request: block.grant, network: block.network, blocks: [block.cidr]))
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology?.modRevision)
        transaction.expect(keys.host(ask.host), at: hosts[ask.host]?.modRevision)
        transaction.expect(keys.grants(of: ask.host), at: ledgers[ask.host]?.modRevision)
        transaction.expect(keys.block(block.cidr), at: nil)
        transaction.then = [.put(keys.grants(of: ask.host), try JSONBody.bytes(ledger))]
        return try reserve(address, block, ask, &transaction)
    }

    private func reserve(
        _ address: IPAddress, _ block: BlockRecord, _ ask: ReservationAsk, _ transaction: inout StoreTransaction
    ) throws(DaemonError) -> ReservationPlan {
        let reservation = Reservation(
            name: ask.name, address: address, host: ask.host, tenant: ask.tenant, segment: ask.segment,
            block: block.cidr, network: block.network)
        transaction.expect(keys.address(ask.name), at: nil)
        transaction.then.append(.put(keys.block(block.cidr), try JSONBody.bytes(block)))
        transaction.then.append(.put(keys.address(ask.name), try JSONBody.bytes(reservation)))
        return ReservationPlan(reservation: reservation, transaction: transaction)
    }

    /// What gives an address back, by its name or by itself: its block goes too when it was the last.
    ///
    /// Throws 404 when there is none.
    func release(reservation text: String) throws(DaemonError) -> ReservationPlan {
        try requireComplete()
        let address = IPAddress(text)
        guard let known = reservations[text] ?? reservations.values.first(where: { $0.value.address == address }) else {
            throw DaemonError(
                .missing, "free address \(text): no such name or address", type: "IP or address", id: text)
        }
        let reservation = known.value
        var transaction = StoreTransaction()
        transaction.expect(keys.address(reservation.name), at: known.modRevision)
        transaction.then = [.delete(keys.address(reservation.name))]
        if let held = blocks[reservation.block], held.value.keeper == BlockRecord.daemon {
            var block = held.value
            block.allocated = max(0, block.allocated - 1)
            transaction.expect(keys.block(block.cidr), at: held.modRevision)
            let isLast = (reservedAddresses[block.cidr] ?? []).subtracting([reservation.address]).isEmpty
            transaction.then.append(
                isLast ? .delete(keys.block(block.cidr)) : .put(keys.block(block.cidr), try JSONBody.bytes(block)))
        }
        return ReservationPlan(reservation: reservation, transaction: transaction)
    }

    /// The lowest address of a block that may be given; nil when there is none.
    private static func free(in block: IPPrefix, of network: Network, but taken: Set<IPAddress>) -> IPAddress? {
        let blackouts = network.blackouts.filter { $0.overlaps(block) }
        var next: IPAddress? = block.first
        // No more can be taken than there are, and a blackout is passed in one step.
        while let address = next, block.contains(address) {
            if let blackout = blackouts.first(where: { $0.contains(address) }) {
                next = blackout.last.advanced(by: 1)
            } else if taken.contains(address) {
                next = address.advanced(by: 1)
            } else {
                return address
            }
        }
        return nil
    }
}
