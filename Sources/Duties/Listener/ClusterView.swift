import FoundationEssentials
import KubernetesAPI
import Policies

/// What a listener knows of the cluster, and what of it etcd does not say yet.
actor ClusterView {
    /// What is listed before anything is written, so that nothing is lifted that only has not been heard of.
    enum Part: Hashable, CaseIterable {
        case namespaces, pods, networkPolicies, policies
    }

    /// What is to be written, and how things are then.
    struct Batch {
        var changes: MembershipChanges
        var strays: [String]
        var pods: Int
        var groups: Int
        var members: Int
        var namespaces: Int
        var policies: Int
        var refusals: [String: String]
    }

    private var memberships: Memberships
    private var strays: [String]
    private var awaited = Set(Part.allCases)
    private var metadata: [ObjectKey: ObjectMetadata] = [:]
    private var namespaces: Set<String> = []
    private var refusals: [ObjectKey: String] = [:]
    private let news: AsyncStream<Void>.Continuation

    /// - Parameter news: told whenever there may be something to write.
    init(_ stored: StoredContent, honoursNamespaceIsolation: Bool, news: AsyncStream<Void>.Continuation) {
        memberships = Memberships(honoursNamespaceIsolation: honoursNamespaceIsolation, found: stored.content)
        strays = stored.strays
        self.news = news
    }

    /// What to write; nil before everything was listed once.
    func takeBatch() -> Batch? {
        guard awaited.isEmpty else { return nil }
        defer { strays = [] }
        let changes = memberships.takeChanges()
        for finding in changes.findings { refusals[finding.policy.key] = finding.sentence }
        return Batch(
            changes: changes, strays: strays, pods: memberships.podCount,
            groups: memberships.groupCount, members: memberships.memberCount, namespaces: namespaces.count,
            policies: metadata.count,
            refusals: Dictionary(uniqueKeysWithValues: refusals.map { ($0.key.description, $0.value) }))
    }

    /// The object of a policy, as it was heard of last.
    func object(of policy: NetworkPolicy) -> ObjectMetadata? {
        metadata[policy.key]
    }

    private func has(_ part: Part) {
        awaited.remove(part)
        if awaited.isEmpty { news.yield() }
    }

    // MARK: - What happens

    func take(_ update: KubernetesWatch<Namespace>.Update) {
        switch update {
        case .snapshot(let list):
            namespaces = Set(list.map(\.name))
            memberships.replaceNamespaces(
                with: list.map { (name: $0.name, labels: $0.labels, isolation: isolation(of: $0)) })
        case .changes(let changes):
            for change in changes {
                switch change {
                case .put(let namespace):
                    namespaces.insert(namespace.name)
                    memberships.setNamespace(
                        namespace.name, labels: namespace.labels, isolation: isolation(of: namespace))
                case .delete(let key):
                    namespaces.remove(key.name)
                    memberships.removeNamespace(key.name)
                }
            }
        }
        has(.namespaces)
    }

    func take(_ update: KubernetesWatch<Pod>.Update) {
        switch update {
        case .snapshot(let pods): memberships.replacePods(with: pods.lazy.filter(\.canBeMember).map(\.record))
        case .changes(let changes):
            for change in changes {
                if case .put(let pod) = change, pod.canBeMember {
                    memberships.set(pod.record)
                } else {
                    memberships.removePod(namespace: change.key.namespace, name: change.key.name)
                }
            }
        }
        has(.pods)
    }

    func take(_ update: KubernetesWatch<PolicyObject>.Update) {
        switch update {
        case .snapshot(let objects):
            for object in objects { metadata[object.metadata.key] = object.metadata }
            memberships.replaceNetworkPolicies(with: objects.map(\.policy))
        case .changes(let changes):
            for change in changes {
                switch change {
                case .put(let object):
                    metadata[change.key] = object.metadata
                    memberships.set(object.policy)
                case .delete(let key):
                    metadata[key] = nil
                    refusals[key] = nil
                    memberships.removeNetworkPolicy(namespace: key.namespace, name: key.name)
                }
            }
        }
        has(.networkPolicies)
    }

    /// All of Romana's own policies.
    func takeAll(_ policies: [Policy]) {
        memberships.replacePolicies(with: policies)
        has(.policies)
    }

    /// One of Romana's own policies, or that it is gone.
    func take(_ id: String, _ policy: Policy?) {
        if let policy { memberships.set(policy) } else { memberships.removePolicy(id) }
        has(.policies)
    }

    private func isolation(of namespace: Namespace) -> NamespaceIsolation {
        NamespaceIsolation(annotations: namespace.annotations) { text in
            try JSONDecoder().decode(NamespaceIsolation.self, from: Data(text.utf8))
        }
    }
}

extension NetworkPolicy {
    fileprivate var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}

extension MembershipChanges.Finding {
    /// What is wrong, nil when nothing is any more.
    var sentence: String? { problems.isEmpty ? nil : problems.map(\.description).joined(separator: "; ") }
}

extension Pod {
    /// Whether it has, or may come to have, an address that is its own.
    fileprivate var canBeMember: Bool { !isOnHostNetwork && !hasEnded }
}
