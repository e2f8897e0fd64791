import Addresses

extension Memberships {
    /// A policy names the groups of `statement` and no others any more.
    mutating func name(groupsOf statement: PolicyStatement, by policy: String) {
        let former = groupsByPolicy[policy] ?? []
        // First come the new ones, so that what both name is kept with its members.
        var ids: Set<Int> = []
        for group in statement.groups {
            let id = self.id(of: group)
            if ids.insert(id).inserted { groups[id]?.policies += 1 }
        }
        groupsByPolicy[policy] = ids.isEmpty ? nil : Array(ids)
        release(former)
    }

    mutating func forget(groupsOf policy: String) {
        release(groupsByPolicy.removeValue(forKey: policy) ?? [])
    }

    private mutating func release(_ ids: [Int]) {
        for id in ids {
            groups[id]?.policies -= 1
            if groups[id]?.policies == 0 { removeGroup(id) }
        }
    }

    /// The number of a group, which is made with its members if there is none.
    private mutating func id(of group: PodGroup) -> Int {
        let key = group.key
        if let id = groupIDs[key] { return id }
        let scope = scopeID(of: group.namespaces)
        let id = groups.insert(Group(key: key, group: group, scope: scope))
        told.note(group: key, was: nil)
        groupIDs[key] = id
        scopes[scope]?.groups.insert(id, group.pods)
        for pod in candidates(for: group, in: scope) where matches(pod, group, scope) {
            join(pod, id)
        }
        return id
    }

    private mutating func removeGroup(_ id: Int) {
        guard let group = groups[id] else { return }
        told.note(group: group.key, was: group.group)
        for (address, member) in group.members {
            told.note(member: address, of: group.key, was: member)
            claims[address]?.groups.remove(id)
        }
        for pod in group.pods { pods[pod]?.groups.remove(id) }
        scopes[group.scope]?.groups.remove(id, group.group.pods)
        if scopes[group.scope]?.groups.isEmpty ?? false { removeScope(group.scope) }
        groupIDs[group.key] = nil
        groups.remove(id)
    }

    /// The pods that could be in a group, from whichever index has fewer of them.
    private func candidates(for group: PodGroup, in scope: Int) -> [Int] {
        let namespaces = scopes[scope]?.namespaces ?? []
        if case .labels(let labels) = group.pods.anchor {
            let labelled = labels.reduce(0) { $0 + (podsByLabel[$1]?.count ?? 0) }
            let placed =
                namespaces.count > 1 ? Int.max : namespaces.reduce(0) { $0 + (podsByNamespace[$1]?.count ?? 0) }
            if labelled <= placed { return labels.flatMap { podsByLabel[$0] ?? [] } }
        }
        return namespaces.flatMap { podsByNamespace[$0] ?? [] }
    }

    private func matches(_ pod: Int, _ group: PodGroup, _ scope: Int) -> Bool {
        guard let record = pods[pod]?.record, let namespaces = scopes[scope]?.namespaces else { return false }
        return namespaces.contains(record.namespace) && group.pods.matches(record.labels)
    }

    private mutating func scopeID(of selector: NamespaceSelector) -> Int {
        if let id = scopeIDs[selector] { return id }
        var scope = Scope(selector: selector)
        scope.namespaces = selectedNamespaces(selector)
        let id = scopes.insert(scope)
        scopeIDs[selector] = id
        for namespace in scope.namespaces { scopesByNamespace[namespace, default: []].insert(id) }
        return id
    }

    private mutating func removeScope(_ id: Int) {
        guard let scope = scopes[id] else { return }
        for namespace in scope.namespaces {
            scopesByNamespace[namespace]?.remove(id)
            if scopesByNamespace[namespace]?.isEmpty ?? false { scopesByNamespace[namespace] = nil }
        }
        scopeIDs[scope.selector] = nil
        scopes.remove(id)
    }
}
