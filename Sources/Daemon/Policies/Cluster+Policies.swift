import Logging
import Policies

extension Cluster {
    /// Stores a policy in the place of the one of its id.
    ///
    /// Throws an invalid request with everything that keeps it from standing, and 409 for an id of Kubernetes'.
    func store(_ policy: Policy) async throws(DaemonError) {
        try Self.checkOwner(of: policy.id, "add")
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

    /// Removes a policy; throws 404 when there is none of this id, and 409 when it is one of Kubernetes.
    func remove(policy id: String) async throws(DaemonError) {
        try Self.checkOwner(of: id, "remove")
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

    /// Throws 409 for an id of a policy of Kubernetes, which the listener would make good at once.
    private static func checkOwner(of id: String, _ verb: String) throws(DaemonError) {
        guard id.hasPrefix(NetworkPolicy.idPrefix) else { return }
        throw DaemonError(
            .conflict,
            "\(verb) policy \(id): ids that begin with \(NetworkPolicy.idPrefix) are those of Kubernetes' own policies, "
                + "which kubectl changes", type: "policy", id: id)
    }
}

extension ClusterState {
    /// Every policy, in order of ids.
    func policyList() throws(DaemonError) -> [StoredPolicy] {
        try requireComplete()
        return policies.values.map(\.value).sorted { $0.id < $1.id }
    }

    /// One policy; throws 404 when there is none of this id.
    func policy(_ id: String) throws(DaemonError) -> StoredPolicy {
        try requireComplete()
        guard let policy = policies[id] else {
            throw DaemonError(.missing, "show policy \(id): no such policy", type: "policy", id: id)
        }
        return policy.value
    }
}
