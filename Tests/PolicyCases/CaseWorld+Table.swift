public import Addresses
public import Policies

extension CaseWorld {
    /// Names of all pods, `x/a` and so on, sorted.
    public var pods: [String] {
        oracle.pods.filter { !$0.hasEnded }.map { "\($0.record.namespace)/\($0.record.name)" }.sorted()
    }

    /// What is right between all pairs of pods, themselves included.
    public func table(
        _ traffic: [PolicyOracle.Traffic] = PolicyCase.traffic, families: [AddressFamily] = [.ipv4, .ipv6]
    ) -> [Judgement] {
        let ends = pods.compactMap { PolicyOracle.Endpoint($0) }
        return families.flatMap { family in
            traffic.flatMap { traffic in
                ends.flatMap { from in
                    ends.compactMap { to in oracle.judge(from: from, to: to, traffic, family: family) }
                }
            }
        }
    }

    /// The changes that make `other` of this world, but for addresses.
    public func changes(to other: CaseWorld) -> [PolicyChange] {
        var changes: [PolicyChange] = []
        for policy in oracle.networkPolicies where !other.oracle.networkPolicies.contains(policy) {
            changes.append(.remove(policy.namespace, policy.name))
        }
        for policy in oracle.policies where !other.oracle.policies.contains(policy) {
            changes.append(.withdraw(policy.id))
        }
        for (name, labels) in other.oracle.namespaces.sorted(by: { $0.key < $1.key })
        where oracle.namespaces[name] != labels {
            changes.append(.labelNamespace(name, labels))
        }
        changes += podChanges(to: other)
        changes += other.oracle.networkPolicies.filter { !oracle.networkPolicies.contains($0) }.map { .put($0) }
        changes += other.oracle.policies.filter { !oracle.policies.contains($0) }.map { .add($0) }
        return changes
    }

    private func podChanges(to other: CaseWorld) -> [PolicyChange] {
        var changes: [PolicyChange] = []
        func find(_ pod: PodRecord, _ world: CaseWorld) -> PodRecord? {
            world.oracle.pods.first { $0.record.namespace == pod.namespace && $0.record.name == pod.name }?.record
        }
        for pod in oracle.pods.map(\.record) where find(pod, other) == nil {
            changes.append(.stop(pod.namespace, pod.name))
        }
        for pod in other.oracle.pods.map(\.record) {
            if let known = find(pod, self), known.ports == pod.ports {
                if known.labels != pod.labels { changes.append(.labelPod(pod.namespace, pod.name, pod.labels)) }
            } else {
                changes.append(.start(pod))
            }
        }
        return changes
    }
}
