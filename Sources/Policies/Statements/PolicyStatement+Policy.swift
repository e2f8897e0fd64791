extension PolicyStatement {
    /// What one of Romana's own policies says.
    ///
    /// Its ingress isolates its targets and allows, as NetworkPolicies do; its egress denies. A node and its pods
    /// always reach each other, so `host` and `local` add nothing on either side.
    public init(_ policy: Policy) {
        let subjects = policy.targets.filter { $0.targetKind == .tenant || $0.targetKind == .segment }
            .map { Subject(namespace: $0.tenant, pods: Segment.selector($0.segment)) }
        let clauses = policy.clauses.map(Clause.init)
        self.init(
            id: policy.id, title: policy.id, subjects: subjects,
            ingress: policy.direction == .ingress ? clauses : nil,
            egressDenials: policy.direction == .egress ? clauses : [])
    }
}

extension PolicyStatement.Clause {
    fileprivate init(_ clause: PolicyClause) {
        let isOpen = clause.peers.contains { $0.peerKind == .any }
        let isEverything = clause.rules.contains { $0.transport == .any }
        self.init(
            peers: isOpen ? nil : clause.peers.compactMap(PolicyStatement.Peer.init),
            traffic: isEverything ? nil : clause.rules.flatMap(PolicyStatement.Traffic.all))
    }
}

extension PolicyStatement.Peer {
    /// Pods or addresses; nil for other ends that no policy stops.
    fileprivate init?(_ endpoint: PolicyEndpoint) {
        switch endpoint.peerKind {
        case .tenant, .segment:
            self = .pods(PodGroup(namespaces: .named(endpoint.tenant), pods: Segment.selector(endpoint.segment)))
        case .cidr:
            guard let cidr = endpoint.cidr else { return nil }
            self = .block(cidr, except: [])
        case .any, .host, .local, nil: return nil
        }
    }
}

extension PolicyStatement.Traffic {
    /// The kinds of traffic of a rule of a known protocol.
    fileprivate static func all(of rule: PolicyRule) -> [PolicyStatement.Traffic] {
        switch rule.transport {
        case .any: []
        case .tcp: ports(.tcp, rule)
        case .udp: ports(.udp, rule)
        // Zero has always meant any.
        case .icmp: [.icmp(type: number(rule.icmpType), code: number(rule.icmpCode))]
        }
    }

    private static func number(_ value: Int) -> UInt8? { value == 0 ? nil : UInt8(exactly: value) }

    private static func ports(_ transport: NetworkPolicy.Transport, _ rule: PolicyRule) -> [PolicyStatement.Traffic] {
        guard !rule.ports.isEmpty || !rule.portRanges.isEmpty else { return [.ports(transport, 0...UInt16.max)] }
        let ranges = rule.ports.map { ($0, $0) } + rule.portRanges.map { ($0.first, $0.last) }
        return ranges.compactMap { first, last in
            guard let first = UInt16(exactly: first), let last = UInt16(exactly: last), first <= last else {
                return nil
            }
            return .ports(transport, first...last)
        }
    }
}
