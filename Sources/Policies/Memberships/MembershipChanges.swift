public import Addresses

/// What to change in etcd so that it says what the cluster is.
public struct MembershipChanges: Hashable, Sendable {
    /// What is to be told of a policy that does not stand as it is written.
    public struct Finding: Hashable, Sendable {
        /// The policy.
        public var policy: NetworkPolicy
        /// What is wrong with it; nothing any more when empty.
        public var problems: [PolicyError.Problem]
        /// Whether what is understood of it is in force; otherwise it is what was in force before.
        public var isInForce: Bool
    }

    /// Groups to be kept from now on, by their keys.
    public var groups: [String: PodGroup] = [:]
    /// Keys of groups that nobody names any more.
    public var vanishedGroups: Set<String> = []
    /// Members that are new or have changed, by the keys of their groups.
    public var members: [String: [IPAddress: GroupMember]] = [:]
    /// Addresses that are members no more, by the keys of their groups; those of groups that vanish are among them.
    public var formerMembers: [String: Set<IPAddress>] = [:]
    /// Policies of Kubernetes to be stored, by their ids.
    public var policies: [String: NetworkPolicy] = [:]
    /// Ids of policies to be deleted.
    public var liftedPolicies: Set<String> = []
    /// News of policies that do not stand as they are written, in the order of their names.
    public var findings: [Finding] = []

    /// No changes.
    public init() {}

    /// Whether there is nothing to write.
    public var isEmpty: Bool {
        groups.isEmpty && vanishedGroups.isEmpty && members.isEmpty && formerMembers.isEmpty && policies.isEmpty
            && liftedPolicies.isEmpty
    }
}
