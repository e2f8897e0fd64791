import Addresses
import Logging
import Topology

extension Cluster {
    /// Takes `cidr` back from `host` and returns what it was.
    ///
    /// Throws 404 when nobody has the block, 409 when another host has it or addresses of it are in use.
    func release(_ cidr: IPPrefix, of host: String) async throws(DaemonError) -> BlockRecord {
        let doing = "release block \(cidr) of host \(host)"
        for _ in 0..<Self.attempts {
            let seen = mirror.read { $0.reached }
            guard let entry = try await store.get(keys.block(cidr)) else {
                throw DaemonError(.missing, "\(doing): no such block", type: "block", id: cidr.description)
            }
            let block = try record(of: entry, doing)
            guard block.host == host else {
                throw DaemonError(
                    .conflict, "\(doing): it belongs to host \(block.host)", type: "block", id: cidr.description)
            }
            guard block.allocated == 0 else {
                throw DaemonError(
                    .conflict, "\(doing): \(block.allocated) of its addresses are in use", type: "block",
                    id: cidr.description)
            }
            var transaction = StoreTransaction()
            transaction.expect(entry.key, at: entry.modRevision)
            transaction.then.append(.delete(entry.key))
            let outcome = try await store.commit(transaction)
            if outcome.succeeded {
                metrics.add(.releases)
                logger.info(
                    "released a block",
                    metadata: [
                        "host": "\(host)", "block": "\(cidr)", "request": "\(ExchangeID.current?.description ?? "")",
                    ])
                await show(outcome, of: transaction)
                return block
            }
            await learn(from: outcome, seen: seen)
        }
        throw givenUp(doing)
    }

    private func record(of entry: StoredValue, _ doing: String) throws(DaemonError) -> BlockRecord {
        do {
            return try JSONBody.value(BlockRecord.self, from: entry.value, what: entry.key)
        } catch {
            throw DaemonError(.defect, "\(doing): \(error.details)")
        }
    }
}
