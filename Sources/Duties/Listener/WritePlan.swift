import Etcd
import FoundationEssentials
import Policies

/// Changes of policies and groups as stages of writes, each of which needs those before it.
///
/// At every moment between two writes, what etcd says forbids no less than what it said before or will say: a group
/// has its members before it is said to be there, and is there before a policy names it; policies are lifted before
/// their groups go.
struct WritePlan: Sendable {
    /// Writes in their order; those of one stage may be made in any.
    private(set) var stages: [[EtcdTransaction.Operation]] = []

    /// What one transaction takes: etcd allows 128 operations and 1.5 MiB, the guard included.
    static let operations = 100
    static let bytes = 1 << 20

    init(_ changes: MembershipChanges, strays: [String] = [], _ keys: PolicyKeys) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func put(_ key: String, _ value: some Encodable) throws -> EtcdTransaction.Operation {
            .put(key: key, value: Array(try encoder.encode(value)))
        }
        func removals(where isMeant: (String) -> Bool) -> [EtcdTransaction.Operation] {
            changes.formerMembers.filter { isMeant($0.key) }.flatMap { key, addresses in
                addresses.map { .delete(keys.member($0, of: key)) }
            }
        }
        func additions(where isMeant: (String) -> Bool) throws -> [EtcdTransaction.Operation] {
            try changes.members.filter { isMeant($0.key) }.flatMap { key, members in
                try members.map { try put(keys.member($0.key, of: key), $0.value) }
            }
        }
        func isKept(_ key: String) -> Bool { !changes.vanishedGroups.contains(key) }
        // Whoever is a member no more must not be let in for long by what takes longer.
        stages.append(removals(where: isKept) + (try additions { changes.groups[$0] == nil }))
        stages.append(try additions { changes.groups[$0] != nil })
        stages.append(try changes.groups.map { try put(keys.group($0.key), $0.value) })
        stages.append(try changes.policies.map { try put(keys.policy($0.key), $0.value) })
        let written = Set(changes.policies.keys.map(keys.policy) + changes.groups.keys.map(keys.group))
        let (strayPolicies, strayGroups) = (
            strays.filter { !written.contains($0) && $0.hasPrefix(keys.policies) },
            strays.filter { !written.contains($0) && !$0.hasPrefix(keys.policies) }
        )
        stages.append(changes.liftedPolicies.map { .delete(keys.policy($0)) } + strayPolicies.map { .delete($0) })
        stages.append(changes.vanishedGroups.map { .delete(keys.group($0)) } + strayGroups.map { .delete($0) })
        stages.append(removals { !isKept($0) })
        stages.removeAll(where: \.isEmpty)
    }

    /// A stage in pieces that etcd takes.
    static func transactions(_ stage: [EtcdTransaction.Operation]) -> [[EtcdTransaction.Operation]] {
        var pieces: [[EtcdTransaction.Operation]] = []
        var weight = Int.max
        for operation in stage {
            let own = operation.weight
            if weight > bytes - own || (pieces.last?.count ?? operations) >= operations {
                pieces.append([])
                weight = 0
            }
            pieces[pieces.count - 1].append(operation)
            weight += own
        }
        return pieces
    }
}

extension EtcdTransaction.Operation {
    /// About how many bytes it has in a request.
    fileprivate var weight: Int {
        switch self {
        case .put(let key, let value, _): 32 + key.utf8.count + value.count
        case .delete(let key), .deletePrefix(let key), .get(let key), .list(let key): 32 + key.utf8.count
        }
    }
}
