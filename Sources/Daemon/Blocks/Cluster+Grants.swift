import Addresses
import Logging
import Topology

extension Cluster {
    /// Grants `grant.count` blocks to `host`, fewer when the group has fewer free, at least one.
    ///
    /// The least-index free blocks of the host's group are taken. A request repeated under the same name gets the
    /// blocks of the first that it still has.
    func grant(_ grant: GrantRequest, to host: String) async throws(DaemonError) -> [BlockRecord] {
        try grant.check()
        let given = grant.request ?? ""
        let request = given.isEmpty ? "daemon-" + String(UInt64.random(in: .min ... .max), radix: 16) : given
        for _ in 0..<Self.attempts {
            let step: GrantStep
            do {
                step = try mirror.change { state throws(DaemonError) in
                    try state.nextStep(of: grant, to: host, request: request)
                }
            } catch {
                if error.isFinal, try await !stands(onHosts: [host]) { continue }
                throw error
            }
            switch step {
            case .granted(let blocks, let revision):
                if try await confirmed(keys.grants(of: host), at: revision) { return blocks }
            case .behind(let revision): await show(revision, in: [.blocks])
            case .commit(let plan):
                if try await judged(plan) {
                    metrics.add(.grants, plan.blocks.count)
                    logger.info(
                        "granted blocks",
                        metadata: [
                            "host": "\(host)", "network": "\(grant.network)", "request": "\(request)",
                            "blocks": "\(plan.blocks.map(\.cidr.description).joined(separator: ","))",
                        ])
                    return plan.blocks
                }
            }
        }
        throw givenUp("grant a block to host \(host)")
    }

    /// Runs the plan's transaction; its blocks stay reserved until the mirror shows them.
    private func judged(_ plan: GrantPlan) async throws(DaemonError) -> Bool {
        defer { mirror.change { state in state.unreserve(plan.blocks.map(\.cidr)) } }
        let outcome = try await store.commit(plan.transaction)
        if outcome.succeeded {
            await show(outcome, of: plan.transaction)
        } else {
            await learn(from: outcome, seen: plan.seen)
        }
        return outcome.succeeded
    }
}
