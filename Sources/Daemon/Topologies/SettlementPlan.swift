import Addresses
import Topology

/// What has to be written so that hosts and blocks follow the topology.
struct SettlementPlan: Sendable {
    private let view: TopologyView
    private let document: TopologyDocument
    private let hostRevisions: [String: Int64]
    private let blockRevisions: [IPPrefix: Int64]

    /// What was known when it was made.
    var seen: [ClusterPart: Int64] { view.seen }

    /// Looks at a state; nil while there is no topology, or not everything is known.
    init?(_ state: borrowing ClusterState) throws(DaemonError) {
        guard state.isComplete, let topology = state.topology else { return nil }
        view = try TopologyView(state, "place hosts anew")
        document = topology.value.document
        hostRevisions = state.hosts.mapValues(\.modRevision)
        blockRevisions = state.blocks.mapValues(\.modRevision)
    }

    /// The transactions, each of which leaves a state that stands; none when everything follows already.
    ///
    /// Throws what stands in the way, which a document that was stored should not have.
    func steps() throws(DaemonError) -> [StoreTransaction] {
        let settlement: Settlement
        do throws(TopologyError) {
            // A block that came into use after the document was judged, and has no place in it, holds up nobody else.
            let placed = view.blocks.filter { document.place(of: $0.cidr) != nil }
            settlement = try Settlement(document, hosts: view.hosts, blocks: placed)
        } catch {
            throw DaemonError(.conflict, "place hosts anew: \(error)", type: "topology", problems: error.problems)
        }
        var steps: [StoreTransaction] = []
        func add(_ key: String, _ revision: Int64?, _ value: [UInt8]) {
            if steps.last.map({ $0.conditions.count >= StoreTransaction.largest }) ?? true {
                var step = StoreTransaction()
                step.expect(view.keys.topology, at: view.topology?.modRevision)
                steps.append(step)
            }
            steps[steps.count - 1].expect(key, at: revision)
            steps[steps.count - 1].then.append(.put(key, value))
        }
        for var host in settlement.hosts {
            host.revision += 1
            add(view.keys.host(host.name), hostRevisions[host.name], try JSONBody.bytes(host))
        }
        for block in settlement.blocks {
            add(view.keys.block(block.cidr), blockRevisions[block.cidr], try JSONBody.bytes(block))
        }
        return steps
    }
}

extension ClusterState {
    /// What `GET /topology` answers: the document with the hosts of now, 404 while there is none.
    func topologyDocument() throws(DaemonError) -> TopologyDocument {
        try requireComplete()
        guard let topology else {
            throw DaemonError(.missing, "show the topology: there is none yet", type: "topology")
        }
        return topology.value.document.shown(with: hosts.values.map(\.value).sorted { $0.name < $1.name })
    }
}
