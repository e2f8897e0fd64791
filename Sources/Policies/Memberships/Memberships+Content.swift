public import Addresses

extension Memberships {
    /// All that the listener keeps in etcd.
    public struct Content: Hashable, Sendable {
        /// The policies of Kubernetes in force, by their ids.
        public var policies: [String: NetworkPolicy]
        /// The groups by their keys.
        public var groups: [String: PodGroup]
        /// The members of each group, by its key; a group without any may be missing.
        public var members: [String: [IPAddress: GroupMember]]

        /// Content; without arguments there is none.
        public init(
            policies: [String: NetworkPolicy] = [:], groups: [String: PodGroup] = [:],
            members: [String: [IPAddress: GroupMember]] = [:]
        ) {
            self.policies = policies
            self.groups = groups
            self.members = members
        }

        /// Makes changes.
        public mutating func apply(_ changes: MembershipChanges) {
            policies.merge(changes.policies) { $1 }
            for id in changes.liftedPolicies { policies[id] = nil }
            groups.merge(changes.groups) { $1 }
            for key in changes.vanishedGroups { groups[key] = nil }
            for (key, changed) in changes.members { members[key, default: [:]].merge(changed) { $1 } }
            for (key, addresses) in changes.formerMembers {
                for address in addresses { members[key]?[address] = nil }
                if members[key]?.isEmpty ?? false { members[key] = nil }
            }
        }
    }

    /// What etcd should say by now.
    public var content: Content {
        var content = Content(policies: policies)
        for group in groups.ids.compactMap({ groups[$0] }) {
            content.groups[group.key] = group.group
            if !group.members.isEmpty { content.members[group.key] = group.members }
        }
        return content
    }
}
