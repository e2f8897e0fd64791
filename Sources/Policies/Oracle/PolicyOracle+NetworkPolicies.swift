import Addresses

extension PolicyOracle {
    /// What each NetworkPolicy that isolates a pod in a direction says of a flow, in the order of their names.
    func networkOpinions(_ direction: NetworkPolicy.Direction, _ subject: PodRecord, _ flow: Flow) -> [Opinion] {
        networkPolicies.filter { $0.isolates(subject, direction) }
            .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
            .map { policy in
                let rules = (direction == .ingress ? policy.ingress : policy.egress) ?? []
                let peer = direction == .ingress ? flow.source : flow.destination
                let allowing = rules.firstIndex { rule in
                    // Nothing said about peers or ports means that they do not matter.
                    (rule.peers.isEmpty || rule.peers.contains { covers($0, peer, policy.namespace) })
                        && (rule.ports.isEmpty || rule.ports.contains { $0.covers(flow) })
                }
                return Opinion(policy: .network(policy.namespace, policy.name), rule: allowing)
            }
    }

    /// Whether a peer of a policy in `namespace` means this end.
    private func covers(_ peer: NetworkPolicy.Peer, _ end: End, _ namespace: String) -> Bool {
        switch peer {
        case .block(let block, let exceptions):
            return block.contains(end.address) && !exceptions.contains { $0.contains(end.address) }
        case .pods(let namespaceSelector, let podSelector):
            guard let pod = end.pod else { return false }
            let isInPlace =
                namespaceSelector.map { $0.matches(labels(ofNamespace: pod.namespace)) } ?? (pod.namespace == namespace)
            return isInPlace && (podSelector?.matches(pod.labels) ?? true)
        }
    }
}

extension NetworkPolicy {
    /// Whether a pod takes only what is allowed in a direction because of this policy.
    fileprivate func isolates(_ pod: PodRecord, _ direction: Direction) -> Bool {
        guard pod.namespace == namespace, podSelector.matches(pod.labels) else { return false }
        if let policyTypes, !policyTypes.isEmpty { return policyTypes.contains(direction) }
        return direction == .ingress || !(egress ?? []).isEmpty
    }
}

extension NetworkPolicy.Port {
    /// Whether the traffic goes to one of these ports.
    fileprivate func covers(_ flow: PolicyOracle.Flow) -> Bool {
        guard case .port(transport, let destination) = flow.traffic else { return false }
        switch port {
        case nil: return true
        case .number(let first)?: return first <= Int(destination) && Int(destination) <= endPort ?? first
        case .name(let name)?:
            let ports = flow.destination.pod?.ports ?? []
            return ports.contains { $0.name == name && $0.transport == transport && $0.port == destination }
        }
    }
}
