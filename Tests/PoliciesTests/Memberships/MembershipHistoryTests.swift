import Addresses
import Policies
import Testing

@Suite struct MembershipHistoryTests {
    @Test(arguments: 0..<40 as Range<UInt64>) func whateverHappensItIsAsIfFromScratch(_ seed: UInt64) {
        var history = MembershipHistory(seed: seed)
        var store = Memberships.Content()
        for step in 0..<150 {
            history.step()
            if step % 7 != 0 { continue }
            let changes = history.takeChanges()
            store.apply(changes)
            let expected = expectation(history)
            #expect(store == expected, "seed \(seed), step \(step)")
            #expect(history.memberships.content == expected, "seed \(seed), step \(step)")
            #expect(history.takeChanges().isEmpty)
            if store != expected { return }
        }
    }

    @Test(arguments: 100..<120 as Range<UInt64>) func whoTakesOverWritesOnlyWhatDiffers(_ seed: UInt64) {
        var history = MembershipHistory(seed: seed)
        for _ in 0..<60 { history.step() }
        var store = Memberships.Content()
        store.apply(history.takeChanges())
        for _ in 0..<20 { history.step() }
        // The next one does not see in what order addresses were claimed, so nobody shares one.
        guard history.claims.values.allSatisfy({ $0.count < 2 }) else { return }
        var next = history.successor(found: store)
        let changes = next.takeChanges()
        let expected = expectation(history)
        #expect(next.content == expected)
        for (key, members) in changes.members {
            for (address, member) in members { #expect(store.members[key]?[address] != member) }
        }
        store.apply(changes)
        #expect(store == expected)
        #expect(Set(changes.groups.keys).isDisjoint(with: changes.vanishedGroups))
    }

    /// What etcd should say, without any index.
    private func expectation(_ history: MembershipHistory) -> Memberships.Content {
        var content = Memberships.Content()
        for policy in history.networkPolicies { content.policies[policy.id] = policy }
        let statements =
            history.networkPolicies.map(PolicyStatement.init(_:)) + history.policies.map(PolicyStatement.init(_:))
        for group in statements.flatMap(\.groups) {
            // Two forms of one group have one key, and either may stand there.
            content.groups[group.key] = history.memberships.content.groups[group.key]
            for (address, claimants) in history.claims {
                let pods = claimants.compactMap { title in
                    history.pods.first { "\($0.namespace)/\($0.name)" == title }
                }
                guard let owner = pods.last(where: { !$0.isEnding }) ?? pods.last,
                    isMember(owner, of: group, history.namespaces)
                else { continue }
                content.members[group.key, default: [:]][address] = GroupMember(
                    address: address, pod: "\(owner.namespace)/\(owner.name)", ports: owner.ports)
            }
        }
        return content
    }

    private func isMember(_ pod: PodRecord, of group: PodGroup, _ namespaces: [String: [String: String]]) -> Bool {
        guard group.pods.matches(pod.labels) else { return false }
        return switch group.namespaces {
        case .named(let name): pod.namespace == name
        case .labelled(let selector): namespaces[pod.namespace].map(selector.matches) ?? false
        }
    }
}
