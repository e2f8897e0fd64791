import Addresses
import Topology

/// What a new topology would mean for the cluster, made from what was known at one moment.
struct TopologyPlan: Sendable {
    /// Its effect.
    var change: TopologyChange
    /// The transaction that stores it; it writes nothing when nothing changes.
    var transaction: StoreTransaction
    /// What was known.
    var seen: [ClusterPart: Int64]
}

/// The part of the state that a new topology is judged by, taken out of the mirror so that judging holds nobody up.
struct TopologyView: Sendable {
    let keys: ClusterKeys
    let seen: [ClusterPart: Int64]
    let topology: Known<StoredTopology>?
    let hosts: [HostRecord]
    let blocks: [BlockRecord]
    private let hostsKnown: Int64

    /// Looks at a state; throws 503 while not every block that was granted is known.
    init(_ state: borrowing ClusterState, _ doing: String) throws(DaemonError) {
        try state.requireComplete()
        guard state.knowsGrantedBlocks else {
            throw DaemonError(.unavailable, "\(doing): not every block that was granted is known yet")
        }
        keys = state.keys
        seen = state.reached
        topology = state.topology
        hosts = state.hosts.values.map(\.value)
        blocks = state.blocks.values.map(\.value)
        hostsKnown = state.hostsKnown
    }

    /// The document in force; throws 404 while there is none.
    func document(_ doing: String) throws(DaemonError) -> TopologyDocument {
        guard let topology else { throw DaemonError(.missing, "\(doing): there is no topology yet", type: "topology") }
        return topology.value.document
    }

    /// The transaction that stores `document`: nothing was stored meanwhile, no host set, no block granted or put to use.
    func storing(_ document: TopologyDocument, notes: [BlackoutNote]) throws(DaemonError) -> StoreTransaction {
        let next = StoredTopology(revision: (topology?.value.revision ?? 0) + 1, document: document, notes: notes)
        var transaction = unchanged
        // A block that is not used does not stand in a topology's way; an agent may begin to use it just now.
        transaction.conditions.append(.unchangedSince(prefix: keys.blocks, seen[.blocks] ?? 0))
        transaction.then = [.put(keys.topology, try JSONBody.bytes(next))]
        return transaction
    }

    /// A transaction that succeeds when this is how things are.
    var unchanged: StoreTransaction {
        var transaction = StoreTransaction()
        transaction.expect(keys.topology, at: topology?.modRevision)
        transaction.conditions.append(.unchangedSince(prefix: keys.hosts, hostsKnown))
        transaction.conditions.append(.unchangedSince(prefix: keys.grants, seen[.grants] ?? 0))
        return transaction
    }

    /// What `document` would mean.
    ///
    /// Throws 409 with everything that stands in the way.
    func plan(_ document: TopologyDocument, services: [IPPrefix]) throws(DaemonError) -> TopologyPlan {
        let change: TopologyChange
        do throws(TopologyError) {
            change = try TopologyChange(
                from: topology?.value.document, to: document, hosts: hosts, blocks: blocks, services: services)
        } catch {
            throw DaemonError(
                .conflict, "replace the topology: \(error)", type: "topology", problems: error.problems)
        }
        if change.isEmpty { return TopologyPlan(change: change, transaction: unchanged, seen: seen) }
        let kept = Set(change.document.networks.flatMap(\.blackouts))
        let notes = (topology?.value.notes ?? []).filter { kept.contains($0.cidr) }
        return TopologyPlan(
            change: change, transaction: try storing(change.document, notes: notes), seen: seen)
    }
}
