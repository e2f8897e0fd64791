import Logging
import Policies

extension Cluster {
    /// Stores a policy in the place of the one of its id.
    ///
    /// Throws an invalid request with everything that keeps it from standing.
    func store(_ policy: Policy) async throws(DaemonError) {
        do throws(PolicyError) {
            try policy.check()
        } catch {
            throw DaemonError(
                .invalid, "add policy \(policy.id): \(error)", type: "policy", id: policy.id,
                problems: error.problems.map { Problem(field: $0.field, problem: $0.problem) })
        }
        var transaction = StoreTransaction()
        transaction.then = [.put(keys.policy(policy.id), try JSONBody.bytes(policy))]
        let outcome = try await store.commit(transaction)
        logger.info("stored a policy", metadata: ["policy": "\(policy.id)"])
        await show(outcome, of: transaction)
    }

    /// Removes a policy; throws 404 when there is none of this id.
    func remove(policy id: String) async throws(DaemonError) {
        let key = keys.policy(id)
        for _ in 0..<Self.attempts {
            let seen = mirror.read { $0.reached }
            guard let entry = try await store.get(key) else {
                throw DaemonError(.missing, "remove policy \(id): no such policy", type: "policy", id: id)
            }
            var transaction = StoreTransaction()
            transaction.expect(key, at: entry.modRevision)
            transaction.then = [.delete(key)]
            let outcome = try await store.commit(transaction)
            if outcome.succeeded {
                logger.info("removed a policy", metadata: ["policy": "\(id)"])
                await show(outcome, of: transaction)
                return
            }
            await learn(from: outcome, seen: seen)
        }
        throw givenUp("remove policy \(id)")
    }
}

extension ClusterState {
    /// Every policy, in order of ids.
    func policyList() throws(DaemonError) -> [Policy] {
        try requireComplete()
        return policies.values.map(\.value).sorted { $0.id < $1.id }
    }

    /// One policy; throws 404 when there is none of this id.
    func policy(_ id: String) throws(DaemonError) -> Policy {
        try requireComplete()
        guard let policy = policies[id] else {
            throw DaemonError(.missing, "show policy \(id): no such policy", type: "policy", id: id)
        }
        return policy.value
    }
}
