import Addresses
import Logging
import Topology

extension Cluster {
    /// Puts a document in the place of the one before, registers the hosts it names, and places anew those whose groups
    /// are gone.
    func replaceTopology(with document: TopologyDocument) async throws(DaemonError) {
        try await store(document, onlyIfNone: false)
        for host in document.namedHosts {
            _ = try await register(HostRequest(name: host.name, ip: host.ip))
        }
        try await settle()
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
                try await store(initial.document, onlyIfNone: true)
                logger.notice("stored the initial topology", metadata: ["from": "\(initial.source)"])
                for host in initial.document.namedHosts {
                    _ = try await register(HostRequest(name: host.name, ip: host.ip))
                }
                return
            } catch {
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

    private func store(_ document: TopologyDocument, onlyIfNone: Bool) async throws(DaemonError) {
        try document.checkForUse(apartFrom: serviceRanges)
        for _ in 0..<Self.attempts {
            let (plan, seen) = try mirror.read { state throws(DaemonError) in
                let isKept = onlyIfNone && state.topology != nil
                return (isKept ? nil : try state.replacement(with: document), state.reached)
            }
            guard let plan else { return }
            let outcome = try await store.commit(plan)
            if outcome.succeeded {
                logger.notice("replaced the topology", metadata: ["networks": "\(document.networks.count)"])
                await show(outcome, of: plan)
                return
            }
            await learn(from: outcome, seen: seen)
        }
        throw givenUp("replace the topology")
    }

    private func settle() async throws(DaemonError) {
        var refusals = 0
        while refusals < Self.attempts {
            let (plan, seen) = try mirror.read { state throws(DaemonError) in (try state.settlement(), state.reached) }
            guard let plan else { return }
            let outcome = try await store.commit(plan)
            if outcome.succeeded {
                await show(outcome, of: plan)
            } else {
                refusals += 1
                await learn(from: outcome, seen: seen)
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
