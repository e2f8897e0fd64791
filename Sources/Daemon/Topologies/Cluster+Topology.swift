import AWS
import Addresses
import Logging
import Topology

extension Cluster {
    /// Puts a document in the place of the one before, registers the hosts it names, and has hosts and blocks follow it;
    /// or only tells what that would mean.
    ///
    /// Throws an invalid request with everything that keeps the document from being used anywhere, 409 with everything
    /// that keeps it from being used now.
    @discardableResult
    func replaceTopology(
        with document: TopologyDocument, isDry: Bool = false
    ) async throws(DaemonError) -> TopologyChange {
        let change = try await store(document, isDry: isDry)
        guard !isDry else { return change }
        for host in change.newcomers {
            _ = try await register(HostRequest(name: host.name, ip: host.ip))
        }
        try await settle()
        return change
    }

    /// Stores the topology of the start if the store holds none; tries until it is stored or another is there.
    func installTopology(_ first: FirstTopology, _ metadata: InstanceMetadata) async {
        while !Task.isCancelled {
            guard await mirror.wait(atMost: .seconds(60), until: { $0.isComplete }) else { continue }
            guard mirror.read({ $0.topology == nil }) else { return }
            if case .none(let reason) = first {
                logger.warning("waiting for a topology to be posted", metadata: ["reason": "\(reason)"])
                return
            }
            do {
                guard let initial = try await first.resolve(metadata) else { return }
                for warning in initial.warnings { logger.warning("\(warning)") }
                let change = try await store(initial.document, onlyIfNone: true)
                logger.notice("stored the initial topology", metadata: ["from": "\(initial.source)"])
                for host in change.newcomers {
                    _ = try await register(HostRequest(name: host.name, ip: host.ip))
                }
                return
            } catch {
                guard !Task.isCancelled else { return }
                // One may be posted meanwhile; where the instance stands does not change by asking often.
                logger.error("the initial topology is not stored", metadata: ["details": "\(error)"])
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// Places hosts anew after every change of the topology, whoever made it, until the task is cancelled.
    func keepHostsPlaced() async {
        var settled: Int64 = 0
        while !Task.isCancelled {
            let before = settled
            guard
                await mirror.wait(
                    atMost: .seconds(60), until: { $0.isComplete && $0.topology?.modRevision ?? before != before })
            else { continue }
            let revision = mirror.read { $0.topology?.modRevision ?? before }
            do {
                try await settle()
                settled = revision
            } catch {
                logger.error("hosts are not placed anew", metadata: ["details": "\(error)"])
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    private func store(
        _ document: TopologyDocument, onlyIfNone: Bool = false, isDry: Bool = false
    ) async throws(DaemonError) -> TopologyChange {
        let doing = "replace the topology"
        try document.checkForUse(apartFrom: serviceRanges)
        for _ in 0..<Self.attempts {
            let view = try await view(doing)
            // Of several daemons that start, one stores what they all have.
            let next = onlyIfNone ? view.topology?.value.document ?? document : document
            let plan = try view.plan(next, services: serviceRanges)
            if isDry { return plan.change }
            let outcome = try await store.commit(plan.transaction)
            if outcome.succeeded {
                if !plan.change.isEmpty { tell(plan.change) }
                await show(outcome, of: plan.transaction)
                return plan.change
            }
            await learn(from: outcome, seen: plan.seen)
        }
        throw givenUp(doing)
    }

    /// What a topology is judged by; waits for the blocks of grants that are known already.
    func view(_ doing: String) async throws(DaemonError) -> TopologyView {
        await mirror.wait(atMost: Self.patience) { $0.knowsGrantedBlocks }
        return try mirror.read { state throws(DaemonError) in try TopologyView(state, doing) }
    }

    private func tell(_ change: TopologyChange) {
        logger.notice("replaced the topology", metadata: ["networks": "\(change.document.networks.count)"])
        for line in change.lines { logger.info("topology: \(line)") }
        events.add(
            .topology, "the topology was replaced: " + change.lines.prefix(8).joined(separator: "; "), about: "topology"
        )
    }

    /// Has hosts and blocks follow the topology, whoever stored it, in as many transactions as it takes.
    private func settle() async throws(DaemonError) {
        var refusals = 0
        while refusals < Self.attempts {
            await mirror.wait(atMost: Self.patience) { $0.knowsGrantedBlocks }
            let plan = try mirror.read { state throws(DaemonError) in try SettlementPlan(state) }
            let steps = try plan?.steps { logger.warning("follow the topology: \($0)") }
            guard let steps, !steps.isEmpty else { return }
            for step in steps {
                let outcome = try await store.commit(step)
                guard outcome.succeeded else {
                    refusals += 1
                    await learn(from: outcome, seen: plan?.seen ?? [:])
                    break
                }
                await show(outcome, of: step)
            }
        }
        throw givenUp("place hosts anew")
    }
}

extension TopologyDocument {
    /// Throws an invalid request with everything that keeps the document from being used in the cluster.
    func checkForUse(apartFrom services: [IPPrefix]) throws(DaemonError) {
        do throws(TopologyError) {
            try check(apartFrom: services)
        } catch {
            throw DaemonError(.invalid, "use the topology: \(error)", type: "topology", problems: error.problems)
        }
    }
}
