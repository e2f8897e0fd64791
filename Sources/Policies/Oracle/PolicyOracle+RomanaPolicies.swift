import Addresses

extension PolicyOracle {
    /// The label of a pod that names its segment.
    private static let segmentLabel = "romana.io/segment"
    /// The segment of pods that name none.
    private static let defaultSegment = "default"

    /// What each of Romana's ingress policies that isolates a pod says of a flow, in the order of their ids.
    func romanaOpinions(_ subject: PodRecord, _ flow: Flow) -> [Opinion] {
        standing(.ingress, about: subject).map { policy in
            Opinion(policy: .romana(policy.id), rule: policy.clauses.firstIndex { covers($0, flow.source, flow) })
        }
    }

    /// The first of Romana's egress policies, which forbid, that forbids a flow of a pod.
    func denial(of flow: Flow, _ subject: PodRecord) -> Judgement.Rule? {
        for policy in standing(.egress, about: subject) {
            if let index = policy.clauses.firstIndex(where: { covers($0, flow.destination, flow) }) {
                return Judgement.Rule(policy: .romana(policy.id), index: index)
            }
        }
        return nil
    }

    /// The policies of a direction that are about a pod.
    private func standing(_ direction: PolicyDirection, about pod: PodRecord) -> [Policy] {
        policies.filter { policy in
            policy.direction == direction && policy.problems.isEmpty
                && policy.targets.contains { [.tenant, .segment].contains($0.targetKind) && isMember(pod, of: $0) }
        }.sorted { $0.id < $1.id }
    }

    private func covers(_ clause: PolicyClause, _ peer: End, _ flow: Flow) -> Bool {
        clause.peers.contains { covers($0, peer) } && clause.rules.contains { $0.covers(flow.traffic) }
    }

    private func covers(_ endpoint: PolicyEndpoint, _ end: End) -> Bool {
        switch endpoint.peerKind {
        case .any: true
        case .cidr: endpoint.cidr?.contains(end.address) ?? false
        case .tenant, .segment: end.pod.map { isMember($0, of: endpoint) } ?? false
        // A node and its pods always reach each other, so there is nothing for these to allow.
        case .host, .local, nil: false
        }
    }

    /// A tenant is a namespace, a segment the pods of it that are labelled so.
    private func isMember(_ pod: PodRecord, of endpoint: PolicyEndpoint) -> Bool {
        guard pod.namespace == endpoint.tenant else { return false }
        let label = pod.labels[Self.segmentLabel] ?? ""
        return endpoint.segment.isEmpty || endpoint.segment == (label.isEmpty ? Self.defaultSegment : label)
    }
}

extension PolicyRule {
    fileprivate func covers(_ traffic: PolicyOracle.Traffic) -> Bool {
        switch (transport, traffic) {
        case (.any, _): true
        case (.tcp, .port(.tcp, let port)), (.udp, .port(.udp, let port)):
            ports.isEmpty && portRanges.isEmpty || ports.contains(Int(port))
                || portRanges.contains { $0.first <= Int(port) && Int(port) <= $0.last }
        // Zero means that it does not matter.
        case (.icmp, .icmp(let type, let code)):
            (icmpType == 0 || icmpType == Int(type)) && (icmpCode == 0 || icmpCode == Int(code))
        case (.tcp, _), (.udp, _), (.icmp, _): false
        }
    }
}
