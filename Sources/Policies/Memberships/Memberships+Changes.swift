import Addresses

extension Memberships {
    /// What was told last, of everything that may have changed since; nil where there was nothing.
    struct Told {
        var policies: [String: NetworkPolicy?] = [:]
        var groups: [String: PodGroup?] = [:]
        var members: [String: [IPAddress: GroupMember?]] = [:]
        /// Policies whose problems are others than they were.
        var findings: Set<ObjectName> = []

        init() {}

        /// Everything of `content` was told.
        init(content: Content) {
            policies = content.policies.mapValues(Optional.some)
            groups = content.groups.mapValues(Optional.some)
            members = content.members.mapValues { $0.mapValues(Optional.some) }
        }

        mutating func note(policy id: String, was policy: NetworkPolicy?) {
            if policies[id] == nil { policies[id] = .some(policy) }
        }

        mutating func note(group key: String, was group: PodGroup?) {
            if groups[key] == nil { groups[key] = .some(group) }
        }

        mutating func note(member address: IPAddress, of key: String, was member: GroupMember?) {
            if members[key]?[address] == nil { members[key, default: [:]][address] = .some(member) }
        }
    }

    /// What has changed since this was asked last; what changed and changed back has not.
    public mutating func takeChanges() -> MembershipChanges {
        var changes = MembershipChanges()
        for (id, before) in told.policies {
            let now = policies[id]
            if now == before { continue }
            if let now { changes.policies[id] = now } else { changes.liftedPolicies.insert(id) }
        }
        for (key, before) in told.groups {
            let now = groupIDs[key].flatMap { groups[$0]?.group }
            // The same in other words has the same key.
            if (now == nil) == (before == nil) { continue }
            if let now { changes.groups[key] = now } else { changes.vanishedGroups.insert(key) }
        }
        for (key, addresses) in told.members {
            let members = groupIDs[key].flatMap { groups[$0]?.members } ?? [:]
            for (address, before) in addresses {
                let now = members[address]
                if now == before { continue }
                if let now {
                    changes.members[key, default: [:]][address] = now
                } else {
                    changes.formerMembers[key, default: []].insert(address)
                }
            }
        }
        changes.findings = told.findings.compactMap { name in
            guard let state = policyStates[name] else { return nil }
            return .init(
                policy: state.object, problems: state.problems, isInForce: state.object.standing != nil)
        }.sorted { ($0.policy.namespace, $0.policy.name) < ($1.policy.namespace, $1.policy.name) }
        told = Told()
        return changes
    }
}
