extension PolicyStatement {
    /// What a NetworkPolicy says, as far as it can stand; one whose pods are not known is about nobody.
    public init(_ policy: NetworkPolicy) {
        guard let standing = policy.standing else {
            self.init(id: policy.id, title: policy.title, subjects: [])
            return
        }
        let directions = standing.directions
        func clauses(_ direction: NetworkPolicy.Direction, _ rules: [NetworkPolicy.Rule]?) -> [Clause]? {
            guard directions.contains(direction) else { return nil }
            return (rules ?? []).map { rule in
                Clause(
                    peers: rule.peers.isEmpty ? nil : rule.peers.map { Peer($0, in: standing.namespace) },
                    traffic: rule.ports.isEmpty ? nil : rule.ports.compactMap(Traffic.init))
            }
        }
        self.init(
            id: standing.id, title: standing.title,
            subjects: [Subject(namespace: standing.namespace, pods: standing.podSelector)],
            ingress: clauses(.ingress, standing.ingress), egress: clauses(.egress, standing.egress))
    }
}

extension PolicyStatement.Peer {
    /// A peer of a policy of `namespace`.
    fileprivate init(_ peer: NetworkPolicy.Peer, in namespace: String) {
        switch peer {
        case .block(let block, let exceptions): self = .block(block, except: exceptions)
        case .pods(let namespaces, let pods):
            self = .pods(
                PodGroup(
                    namespaces: namespaces.map(NamespaceSelector.labelled) ?? .named(namespace),
                    pods: pods ?? LabelSelector()))
        }
    }
}

extension PolicyStatement.Traffic {
    /// Traffic to ports; nil for what is not a port.
    fileprivate init?(_ port: NetworkPolicy.Port) {
        switch port.port {
        case nil: self = .ports(port.transport, 0...UInt16.max)
        case .name(let name)?: self = .named(port.transport, name)
        case .number(let first)?:
            guard let first = UInt16(exactly: first), let last = UInt16(exactly: port.endPort ?? Int(first)),
                first <= last
            else { return nil }
            self = .ports(port.transport, first...last)
        }
    }
}
