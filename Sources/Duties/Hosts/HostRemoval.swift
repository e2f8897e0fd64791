import Etcd
import FoundationEssentials

/// Takes a host out of etcd with everything that is its own, as long as it is not alive and whoever does it is elected.
///
/// It goes in steps of one transaction each, the host itself in the last, and whatever is in its way leaves a state that
/// stands. Blocks are found complete: each grant to a host rewrites its ledger, which no transaction here lets happen.
struct HostRemoval: Sendable {
    let elected: ElectionGuard
    let etcd: EtcdClient
    let keys: HostKeys

    /// What became of it.
    enum Outcome: Hashable, Sendable {
        /// It is gone, and so many blocks are free.
        case removed(blocks: Int)
        /// There is no such host.
        case missing
        /// Its agent is alive.
        case alive
        /// Others kept on changing what is the host's.
        case contended
    }

    /// What all that a host can have says of whose it is.
    private struct Possession: Decodable {
        var host: String?
    }

    /// Deletions in one transaction; etcd takes 128 operations and conditions each.
    static let step = 100
    private static let attempts = 5

    /// Removes a host.
    func remove(_ name: String) async throws(DutyError) -> Outcome {
        var freed = 0
        var refusals = 0
        while refusals < Self.attempts {
            let (hostKey, ledgerKey, aliveKey) = (keys.hosts + name, keys.grants + name, keys.alive + name)
            guard let host = try await read(hostKey) else { return freed > 0 ? .removed(blocks: freed) : .missing }
            if try await read(aliveKey) != nil { return .alive }
            let ledger = try await read(ledgerKey)
            let possessions = try await possessions(of: name)
            let now = possessions.prefix(Self.step)
            let isLast = now.count == possessions.count
            var conditions: [EtcdTransaction.Condition] = [
                .missing(aliveKey), .modRevision(hostKey, equals: host.modRevision),
                .modRevision(ledgerKey, equals: ledger?.modRevision ?? 0),
            ]
            conditions += now.map { .modRevision($0.key, equals: $0.modRevision) }
            var operations = now.map { EtcdTransaction.Operation.delete($0.key) }
            if isLast { operations += [.delete(hostKey)] + (ledger == nil ? [] : [.delete(ledgerKey)]) }
            guard try await elected.commit(operations, when: conditions) else {
                refusals += 1
                continue
            }
            freed += now.count { $0.key.hasPrefix(keys.blocks) }
            if isLast { return .removed(blocks: freed) }
        }
        return .contended
    }

    /// The keys of everything that a host has, blocks and single addresses.
    private func possessions(of name: String) async throws(DutyError) -> [EtcdKeyValue] {
        do {
            let all = try await etcd.list(prefix: keys.addresses).keyValues + etcd.list(prefix: keys.blocks).keyValues
            return all.filter { keyValue in
                // What cannot be read is nobody's.
                (try? JSONDecoder().decode(Possession.self, from: Data(keyValue.value)))?.host == name
            }
        } catch {
            throw DutyError(.other, "remove host \(name): \(error)")
        }
    }

    private func read(_ key: String) async throws(DutyError) -> EtcdKeyValue? {
        do {
            return try await etcd.get(key).keyValue
        } catch {
            throw DutyError(.other, "\(error)")
        }
    }
}
