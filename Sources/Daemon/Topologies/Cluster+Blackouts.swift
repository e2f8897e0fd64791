import Addresses
import Logging
import Topology

extension Cluster {
    /// Blacks out a part of a network; what is in use of it stays in use.
    ///
    /// The same again changes no more than the reason.
    func addBlackout(_ request: BlackoutRequest, of network: String) async throws(DaemonError) -> BlackoutBody {
        try request.check()
        let doing = "black out \(request.cidr) of network \(network)"
        return try await changeBlackouts(of: network, doing) { view throws(DaemonError) in
            let document = try view.document(doing)
            let change: BlackoutChange
            do throws(TopologyError) {
                change = try BlackoutChange(adding: request.cidr, to: document, blocks: view.blocks)
            } catch {
                throw DaemonError(.conflict, "\(doing): \(error)", type: "blackout", id: "\(request.cidr)")
            }
            guard change.blackout.network == network else {
                throw DaemonError(
                    .conflict, "\(doing): it is part of network \(change.blackout.network)", type: "blackout",
                    id: "\(request.cidr)")
            }
            let known = view.topology?.value
            let note = BlackoutNote(
                cidr: request.cidr, reason: request.reason ?? "", revision: (known?.revision ?? 0) + 1)
            // One that a wider blackout has already is not one of its own.
            let isNew = document.network(network)?.blackouts.contains(request.cidr) == true || !change.isEmpty
            let gone = Set(change.replaced + [request.cidr])
            let notes = (known?.notes ?? []).filter { !gone.contains($0.cidr) } + (isNew ? [note] : [])
            let before = known?.notes.first { $0.cidr == request.cidr }
            if change.isEmpty, before?.reason == note.reason || !isNew {
                return (view.unchanged, BlackoutBody(change.blackout, before ?? note))
            }
            return (try view.storing(change.document, notes: notes), BlackoutBody(change.blackout, note))
        }
    }

    /// Ends a blackout; throws 404 when there is none of just these addresses.
    func removeBlackout(_ cidr: IPPrefix, of network: String) async throws(DaemonError) -> BlackoutBody {
        let doing = "end blackout \(cidr) of network \(network)"
        return try await changeBlackouts(of: network, doing) { view throws(DaemonError) in
            let document = try view.document(doing)
            guard document.network(network)?.cidr.contains(cidr) == true else {
                throw DaemonError(
                    .missing, "\(doing): the network has no such addresses", type: "blackout", id: "\(cidr)")
            }
            let change: BlackoutChange
            do throws(TopologyError) {
                change = try BlackoutChange(removing: cidr, from: document, blocks: view.blocks)
            } catch {
                throw DaemonError(.missing, "\(doing): \(error)", type: "blackout", id: "\(cidr)")
            }
            let known = view.topology?.value
            let note = known?.notes.first { $0.cidr == cidr }
            let notes = (known?.notes ?? []).filter { $0.cidr != cidr }
            return (try view.storing(change.document, notes: notes), BlackoutBody(change.blackout, note))
        }
    }

    private func changeBlackouts(
        of network: String, _ doing: String,
        _ decide: (TopologyView) throws(DaemonError) -> (StoreTransaction, BlackoutBody)
    ) async throws(DaemonError) -> BlackoutBody {
        for _ in 0..<Self.attempts {
            let view = try await view(doing)
            guard try view.document(doing).network(network) != nil else {
                throw DaemonError(.missing, "\(doing): no such network", type: "network", id: network)
            }
            let (transaction, body) = try decide(view)
            let outcome = try await store.commit(transaction)
            if outcome.succeeded {
                if !transaction.then.isEmpty {
                    logger.notice("blackouts changed", metadata: ["what": "\(doing)"])
                    events.add(.blackout, doing, about: network)
                    await show(outcome, of: transaction)
                }
                return body
            }
            await learn(from: outcome, seen: view.seen)
        }
        throw givenUp(doing)
    }
}

extension ClusterState {
    /// What `GET /v1/networks/NAME/blackouts` answers.
    func blackouts(ofNetwork name: String) throws(DaemonError) -> BlackoutsBody {
        try requireComplete()
        guard let topology, topology.value.document.network(name) != nil else {
            throw DaemonError(.missing, "list blackouts of network \(name): no such network", type: "network", id: name)
        }
        let notes = Dictionary(topology.value.notes.map { ($0.cidr, $0) }, uniquingKeysWith: { $1 })
        let all = topology.value.document.blackouts(with: blocks.values.lazy.map(\.value))
        return BlackoutsBody(
            blackouts: all.filter { $0.network == name }.map { BlackoutBody($0, notes[$0.cidr]) })
    }
}
