extension Memberships {
    /// The label that every namespace has, and that nobody can take from it.
    private static let nameLabel = "kubernetes.io/metadata.name"

    /// A namespace has been added or changed.
    public mutating func setNamespace(
        _ name: String, labels: [String: String], isolation: NamespaceIsolation = .none
    ) {
        setIsolation(of: name, isolation)
        var labels = labels
        labels[Self.nameLabel] = name
        guard namespaces[name]?.labels != labels else { return }
        namespaces[name] = Namespace(labels: labels)
        relocate(name)
    }

    /// A namespace has been deleted.
    public mutating func removeNamespace(_ name: String) {
        setIsolation(of: name, .none)
        guard namespaces.removeValue(forKey: name) != nil else { return }
        relocate(name)
    }

    /// These are all namespaces that there are.
    public mutating func replaceNamespaces(
        with list: some Collection<(name: String, labels: [String: String], isolation: NamespaceIsolation)>
    ) {
        let names = Set(list.map(\.name))
        for name in namespaces.keys where !names.contains(name) { removeNamespace(name) }
        let isolated = policies.values.filter { $0.uid == NamespaceIsolation.policyUID }.map(\.namespace)
        for name in isolated where !names.contains(name) { setIsolation(of: name, .none) }
        for item in list { setNamespace(item.name, labels: item.labels, isolation: item.isolation) }
    }

    private mutating func setIsolation(of namespace: String, _ isolation: NamespaceIsolation) {
        let policy = NamespaceIsolation.policy(of: namespace)
        switch honoursNamespaceIsolation ? isolation : .none {
        case .none: lift(policy: policy.id)
        case .defaultDeny: enforce(policy)
        case .unreadable: break
        }
    }

    /// The namespaces that a selector means, of those that are known; a name means one before it is known.
    func selectedNamespaces(_ selector: NamespaceSelector) -> Set<String> {
        switch selector {
        case .named(let name): [name]
        case .labelled(let labels): Set(namespaces.filter { labels.matches($0.value.labels) }.keys)
        }
    }

    /// Finds the scopes that a namespace is in by now, and the groups of its pods.
    private mutating func relocate(_ name: String) {
        let labels = namespaces[name]?.labels
        let former = scopesByNamespace[name] ?? []
        let current = scopes.ids.filter { id in
            switch scopes[id]?.selector {
            case .named(let other)?: name == other
            case .labelled(let selector)?: labels.map(selector.matches) ?? false
            case nil: false
            }
        }
        guard former != Set(current) else { return }
        scopesByNamespace[name] = current.isEmpty ? nil : Set(current)
        for id in former.subtracting(current) { scopes[id]?.namespaces.remove(name) }
        for id in current { scopes[id]?.namespaces.insert(name) }
        for pod in podsByNamespace[name] ?? [] { regroup(pod) }
    }
}
