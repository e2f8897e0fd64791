import Addresses

extension Memberships {
    /// A pod has been added or changed; pods on their node's network and those that have ended are removed instead.
    public mutating func set(_ pod: PodRecord) {
        var former: PodRecord?
        if let id = podIDs[pod.objectName] {
            former = pods[id]?.record
            guard former != pod else { return }
            if former?.uid != pod.uid {
                // Another pod of the same name, whose claims are new.
                removePod(namespace: pod.namespace, name: pod.name)
                former = nil
            }
        }
        let id = podIDs[pod.objectName] ?? insert(pod)
        pods[id]?.record = pod
        reindex(id, from: former?.labels ?? [:], to: pod.labels)
        let formerAddresses = former?.addresses ?? []
        for address in formerAddresses where !pod.addresses.contains(address) {
            claims[address]?.pods.removeAll { $0 == id }
        }
        for address in Set(pod.addresses) where !formerAddresses.contains(address) {
            claims[address, default: Claim()].pods.append(id)
        }
        regroup(id, also: formerAddresses)
    }

    /// A pod has been deleted, has ended, or is on its node's network.
    public mutating func removePod(namespace: String, name: String) {
        guard let id = podIDs.removeValue(forKey: ObjectName(namespace: namespace, name: name)), let pod = pods[id]
        else { return }
        reindex(id, from: pod.record.labels, to: [:])
        podsByNamespace[namespace]?.remove(id)
        if podsByNamespace[namespace]?.isEmpty ?? false { podsByNamespace[namespace] = nil }
        for group in pod.groups { groups[group]?.pods.remove(id) }
        for address in pod.record.addresses { claims[address]?.pods.removeAll { $0 == id } }
        pods.remove(id)
        for address in pod.record.addresses { settle(address) }
    }

    /// These are all pods that there are.
    public mutating func replacePods(with list: some Collection<PodRecord>) {
        let names = Set(list.map(\.objectName))
        for name in podIDs.keys where !names.contains(name) {
            removePod(namespace: name.namespace, name: name.name)
        }
        for pod in list { set(pod) }
    }

    private mutating func insert(_ pod: PodRecord) -> Int {
        let id = pods.insert(Pod(record: pod))
        podIDs[pod.objectName] = id
        podsByNamespace[pod.namespace, default: []].insert(id)
        return id
    }

    private mutating func reindex(_ id: Int, from former: [String: String], to labels: [String: String]) {
        for (key, value) in former where labels[key] != value {
            let label = Label(key: key, value: value)
            podsByLabel[label]?.remove(id)
            if podsByLabel[label]?.isEmpty ?? false { podsByLabel[label] = nil }
        }
        for (key, value) in labels where former[key] != value {
            podsByLabel[Label(key: key, value: value), default: []].insert(id)
        }
    }

    /// Finds the groups that a pod is in by now, and settles its addresses.
    mutating func regroup(_ id: Int, also addresses: [IPAddress] = []) {
        guard let pod = pods[id] else { return }
        var current: Set<Int> = []
        for scope in scopesByNamespace[pod.record.namespace] ?? [] {
            scopes[scope]?.groups.forEachCandidate(pod.record.labels) { group in
                if groups[group]?.group.pods.matches(pod.record.labels) ?? false { current.insert(group) }
            }
        }
        if current != pod.groups {
            for group in pod.groups.subtracting(current) { groups[group]?.pods.remove(id) }
            for group in current.subtracting(pod.groups) { groups[group]?.pods.insert(id) }
            pods[id]?.groups = current
        }
        for address in Set(pod.record.addresses + addresses) { settle(address) }
    }

    /// Makes an address a member of just the groups of its owner.
    ///
    /// Whoever claimed it last owns it, but a pod that has been told to end yields to every other.
    mutating func settle(_ address: IPAddress) {
        guard let claim = claims[address] else { return }
        let owner = claim.pods.last { !(pods[$0]?.record.isEnding ?? true) } ?? claim.pods.last
        let pod = owner.flatMap { pods[$0] }
        let current = pod?.groups ?? []
        let member = pod.map { pod in
            GroupMember(
                address: address, pod: "\(pod.record.namespace)/\(pod.record.name)", ports: pod.record.ports)
        }
        let isSame = claim.member == member
        for group in claim.groups where !current.contains(group) { put(nil, at: address, in: group) }
        for group in current where !isSame || !claim.groups.contains(group) { put(member, at: address, in: group) }
        claims[address] =
            claim.pods.isEmpty ? nil : Claim(pods: claim.pods, owner: owner, groups: current, member: member)
    }

    /// A pod is in one more group, which its addresses join where they are settled.
    mutating func join(_ id: Int, _ group: Int) {
        pods[id]?.groups.insert(group)
        groups[group]?.pods.insert(id)
        for address in pods[id]?.record.addresses ?? [] where claims[address]?.owner == id {
            guard claims[address]?.groups.insert(group).inserted ?? false else { continue }
            put(claims[address]?.member, at: address, in: group)
        }
    }

    private mutating func put(_ member: GroupMember?, at address: IPAddress, in group: Int) {
        guard let key = groups[group]?.key else { return }
        told.note(member: address, of: key, was: groups[group]?.members[address])
        groups[group]?.members[address] = member
    }
}
