extension Memberships {
    /// A NetworkPolicy has been added or changed.
    ///
    /// What is in force of it is what stands. Where not even its pods are known, what was in force stays.
    public mutating func set(_ policy: NetworkPolicy) {
        let name = policy.objectName
        let former = policyStates[name]
        guard former?.object != policy else { return }
        let problems = policy.problems
        let standing = policy.standing
        var state = PolicyState(object: policy, problems: problems, id: former?.id)
        // Another object of the same name: what the former one said is not this one's.
        if let id = former?.id, id != policy.id {
            lift(policy: id)
            state.id = nil
        }
        if let standing {
            enforce(standing)
            state.id = standing.id
        }
        policyStates[name] = state
        if problems != former?.problems ?? [] { told.findings.insert(name) }
    }

    /// A NetworkPolicy has been deleted.
    public mutating func removeNetworkPolicy(namespace: String, name: String) {
        let state = policyStates.removeValue(forKey: ObjectName(namespace: namespace, name: name))
        if let id = state?.id { lift(policy: id) }
    }

    /// These are all NetworkPolicies that there are.
    public mutating func replaceNetworkPolicies(with policies: some Collection<NetworkPolicy>) {
        let names = Set(policies.map(\.objectName))
        for name in policyStates.keys where !names.contains(name) {
            removeNetworkPolicy(namespace: name.namespace, name: name.name)
        }
        for policy in policies { set(policy) }
    }

    /// One of Romana's own policies has been stored; it is not for the listener to store, but its groups are.
    public mutating func set(_ policy: Policy) {
        guard !policy.id.hasPrefix(NetworkPolicy.idPrefix) else { return }
        name(groupsOf: PolicyStatement(policy), by: policy.id)
    }

    /// One of Romana's own policies has been removed.
    public mutating func removePolicy(_ id: String) {
        guard !id.hasPrefix(NetworkPolicy.idPrefix) else { return }
        forget(groupsOf: id)
    }

    /// These are all of Romana's own policies that there are.
    public mutating func replacePolicies(with policies: some Collection<Policy>) {
        let ids = Set(policies.map(\.id))
        for id in groupsByPolicy.keys where !ids.contains(id) { removePolicy(id) }
        for policy in policies { set(policy) }
    }

    /// Puts a policy that stands in force.
    mutating func enforce(_ policy: NetworkPolicy) {
        let id = policy.id
        let former = policies[id]
        guard former != policy else { return }
        told.note(policy: id, was: former)
        policies[id] = policy
        name(groupsOf: PolicyStatement(policy), by: id)
    }

    mutating func lift(policy id: String) {
        guard let former = policies.removeValue(forKey: id) else { return }
        told.note(policy: id, was: former)
        forget(groupsOf: id)
    }
}
