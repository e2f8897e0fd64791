import Addresses

/// Which groups the policies of a cluster name and who is in them: what its listener keeps in etcd.
///
/// It is fed with objects as they are listed and watched, and tells what differs from what it told last. What a change
/// costs depends on the groups that it could concern, not on how many there are.
public struct Memberships: Sendable {
    /// A pod and what is known of it.
    struct Pod {
        var record: PodRecord
        var groups: Set<Int> = []
    }

    /// A namespace that has been seen.
    struct Namespace {
        var labels: [String: String]
    }

    /// A group that a policy names.
    struct Group {
        let key: String
        let group: PodGroup
        let scope: Int
        var policies = 0
        var pods: Set<Int> = []
        var members: [IPAddress: GroupMember] = [:]
    }

    /// The groups that select namespaces in the same way.
    struct Scope {
        let selector: NamespaceSelector
        var groups = SelectorIndex()
        var namespaces: Set<String> = []
    }

    /// An address: who claims it, the latest last, and what its owner is a member of.
    struct Claim {
        var pods: [Int] = []
        var owner: Int?
        var groups: Set<Int> = []
        var member: GroupMember?
    }

    /// A policy of Kubernetes: its object, and under which id something of it is in force.
    struct PolicyState {
        var object: NetworkPolicy
        var problems: [PolicyError.Problem] = []
        var id: String?
    }

    let honoursNamespaceIsolation: Bool
    var namespaces: [String: Namespace] = [:]
    var pods = Slots<Pod>()
    var podIDs: [ObjectName: Int] = [:]
    var podsByNamespace: [String: Set<Int>] = [:]
    var podsByLabel: [Label: Set<Int>] = [:]
    var claims: [IPAddress: Claim] = [:]
    var groups = Slots<Group>()
    var groupIDs: [String: Int] = [:]
    var scopes = Slots<Scope>()
    var scopeIDs: [NamespaceSelector: Int] = [:]
    /// The scopes that each namespace with a pod or a name of its own is in.
    var scopesByNamespace: [String: Set<Int>] = [:]
    var policyStates: [ObjectName: PolicyState] = [:]
    /// The policies of Kubernetes in force by their ids.
    var policies: [String: NetworkPolicy] = [:]
    /// The groups that each policy in force names, those of Romana's own too.
    var groupsByPolicy: [String: [Int]] = [:]
    var told = Told()

    /// Nothing is known yet.
    ///
    /// - Parameters:
    ///   - honoursNamespaceIsolation: whether the annotation of ``NamespaceIsolation`` counts.
    ///   - found: what etcd says; the first changes are those from there.
    public init(honoursNamespaceIsolation: Bool = false, found: Content = Content()) {
        self.honoursNamespaceIsolation = honoursNamespaceIsolation
        for policy in found.policies.values {
            enforce(policy)
            guard policy.uid != NamespaceIsolation.policyUID else { continue }
            policyStates[policy.objectName] = PolicyState(object: policy, id: policy.id)
        }
        told = Told(content: found)
    }
}
