import Topology

extension Cluster {
    /// Decides on as many requests as fit into one transaction, and has it judged.
    ///
    /// Everything that an answer or a refusal rests on is a condition of the transaction. When it is refused, all of them
    /// are decided anew, once the mirror shows why.
    func judge<Ask: Sendable, Answer: Sendable>(
        _ asks: [Ask], cost: (Ask) -> Draft.Cost,
        decide: (Ask, inout ClusterState, inout Draft) throws(DaemonError) -> Answer?
    ) async -> [GroupCommit<Ask, Answer>.Verdict] {
        let (draft, results) = mirror.change { state in
            state.lane = lane(in: state)
            var draft = Draft(on: state)
            var results: [Result<Answer, DaemonError>?] = []
            for ask in asks {
                guard results.isEmpty || draft.hasRoom(for: cost(ask)) else { break }
                do throws(DaemonError) {
                    results.append(try decide(ask, &state, &draft).map { .success($0) })
                } catch {
                    results.append(.failure(error))
                }
            }
            return (draft, results)
        }
        let isSettled: Bool
        do {
            isSettled = try await commit(draft)
        } catch {
            return results.map { .answered($0?.isGroundless == true ? $0 ?? .failure(error) : .failure(error)) }
        }
        if results.contains(where: { $0 == nil }) {
            await mirror.wait(atMost: .milliseconds(50)) { $0.reached != draft.seen }
        }
        return results.map { result in
            guard let result, isSettled || result.isGroundless else { return .open }
            return .answered(result)
        }
    }

    /// Has a draft judged; false when it was refused, once the mirror shows why.
    private func commit(_ draft: Draft) async throws(DaemonError) -> Bool {
        if draft.isEmpty { return true }
        defer { mirror.change { state in for block in draft.blocks { state.unreserve(block.cidr) } } }
        let transaction = try draft.transaction(keys)
        let outcome = try await store.commit(transaction)
        if outcome.succeeded {
            mirror.change { $0.adopt(draft, at: outcome.revision) }
        } else {
            if !draft.blocks.isEmpty { contention.note() }
            await learn(from: outcome, seen: draft.seen)
        }
        return outcome.succeeded
    }

    /// This daemon's part of every group while others are in its way.
    private func lane(in state: borrowing ClusterState) -> Lane? {
        guard let ownName, contention.isRecent else { return nil }
        return Lane(of: ownName, among: state.daemons)
    }
}

extension Result where Failure == DaemonError {
    /// Whether it is a refusal that rests on nothing the store holds.
    fileprivate var isGroundless: Bool {
        if case .failure(let error) = self { return !error.isFinal }
        return false
    }
}
