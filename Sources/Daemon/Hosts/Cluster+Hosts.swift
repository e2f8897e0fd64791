import Addresses
import Logging
import Topology

extension Cluster {
    /// Registers a host and places it in a group of every network that has one for it; the same host again changes nothing.
    ///
    /// Registrations are judged against every other host, so two daemons never give one name or address to two hosts,
    /// nor lose count of how full a group is.
    func register(_ request: HostRequest) async throws(DaemonError) -> HostRecord {
        try await registrations.submit(HostAsk(request: request, addresses: request.check()))
    }

    /// Serves registrations until the task is cancelled.
    func serveRegistrations() async {
        await registrations.run { [self] asks in
            let before = mirror.read { state in asks.map { state.hosts[$0.request.name]?.value } }
            let verdicts = await judge(asks, cost: \.cost) { ask, state, draft throws(DaemonError) in
                try state.decide(ask, &draft)
            }
            for (ask, (before, verdict)) in zip(asks, zip(before, verdicts)) {
                if case .answered(.success(let record)) = verdict { tell(record, before, ask.exchange) }
            }
            return verdicts
        }
    }

    private func tell(_ record: HostRecord, _ before: HostRecord?, _ exchange: String) {
        guard let before else {
            logger.info(
                "registered a host",
                metadata: ["host": "\(record.name)", "ip": "\(record.ip)", "request": "\(exchange)"])
            return
        }
        if record.ip != before.ip {
            logger.notice(
                "a host has another address",
                metadata: ["host": "\(record.name)", "from": "\(before.ip)", "to": "\(record.ip)"])
        }
        for move in HostMove.moves(of: before, to: record.groups) {
            let groups = [move.from, move.to].map { $0.map { "\($0.path) (\($0.cidr))" } ?? "none" }
            logger.notice(
                "a host moved",
                metadata: [
                    "host": "\(record.name)", "network": "\(move.network)", "from": "\(groups[0])",
                    "to": "\(groups[1])",
                ])
            events.add(
                .hostMoved,
                "host \(record.name) takes new blocks of network \(move.network) from group \(groups[1]) instead of "
                    + groups[0], about: record.name)
        }
    }

    /// Removes a host and frees its blocks.
    ///
    /// Throws 404 for an unknown host and, unless `isForced`, 409 while its agent is alive: blocks of a host that runs
    /// would be given to another under its pods.
    func remove(host name: String, isForced: Bool) async throws(DaemonError) {
        let doing = "remove host \(name)"
        var refusals = 0
        while refusals < Self.attempts {
            let seen = mirror.read { $0.reached }
            guard let host = try await store.get(keys.host(name)) else {
                throw DaemonError(.missing, "\(doing): no such host", type: "host", id: name)
            }
            if !isForced, try await store.get(keys.alive(name)) != nil {
                throw DaemonError(.conflict, "\(doing): its agent is alive", type: "host", id: name)
            }
            let ledger = try await store.get(keys.grants(of: name))
            let possessions = try await possessions(of: name, grantedUpTo: ledger?.modRevision ?? 0, doing)
            var transaction = StoreTransaction()
            transaction.expect(keys.host(name), at: host.modRevision)
            transaction.expect(keys.grants(of: name), at: ledger?.modRevision)
            if !isForced { transaction.expect(keys.alive(name), at: nil) }
            let now = possessions.prefix(StoreTransaction.largest - 4)
            for (key, modRevision) in now {
                transaction.expect(key, at: modRevision)
                transaction.then.append(.delete(key))
            }
            let isLast = now.count == possessions.count
            if isLast {
                transaction.then.append(.delete(keys.host(name)))
                if ledger != nil { transaction.then.append(.delete(keys.grants(of: name))) }
            }
            let outcome = try await store.commit(transaction)
            guard outcome.succeeded else {
                refusals += 1
                await learn(from: outcome, seen: seen)
                continue
            }
            metrics.add(.releases, now.count { $0.key.hasPrefix(keys.blocks) })
            await show(outcome, of: transaction)
            if isLast {
                logger.info("removed a host", metadata: ["host": "\(name)", "keys": "\(possessions.count)"])
                events.add(.hostRemoved, "host \(name) was removed with its blocks", about: name)
                return
            }
        }
        throw givenUp(doing)
    }

    /// The keys of a host's addresses and blocks once the mirror shows every grant up to `revision`; a block that is not
    /// seen would be left behind without a host.
    private func possessions(
        of host: String, grantedUpTo revision: Int64, _ doing: String
    ) async throws(DaemonError) -> [(key: String, modRevision: Int64)] {
        await show(revision, in: [.blocks])
        return try mirror.read { state throws(DaemonError) in
            try state.requireComplete()
            guard state.hasReached(.blocks, revision) else {
                throw DaemonError(.unavailable, "\(doing): its blocks are not known up to revision \(revision) yet")
            }
            let addresses = state.reservations.values.filter { $0.value.host == host }
            return addresses.map { (keys.address($0.value.name), $0.modRevision) }
                + state.blocks(of: host).map { (keys.block($0.cidr), $0.modRevision) }
        }
    }
}

extension ClusterState {
    /// The blocks of a host in order, with the revisions of their records.
    func blocks(of host: String) -> [(cidr: IPPrefix, modRevision: Int64)] {
        (blocksByHost[host] ?? []).sorted().compactMap { cidr in
            blocks[cidr].map { (cidr, $0.modRevision) }
        }
    }
}
