extension Policy {
    /// The label that every namespace has with its name.
    public static let namespaceLabel = "kubernetes.io/metadata.name"

    /// What a NetworkPolicy says, in Romana's own words; for people and programs that know those only.
    ///
    /// - Parameters:
    ///   - policy: a NetworkPolicy.
    ///   - namespaceLabels: labels of namespaces whose values are the namespaces' names. Clusters of former times
    ///     had one of their own, mostly `namespace`.
    ///
    /// It throws everything that these words cannot say. Nothing is said that is wider or narrower than it is written.
    public init(
        translating policy: NetworkPolicy, namespaceLabels: Set<String> = [namespaceLabel]
    ) throws(PolicyError) {
        var translator = PolicyTranslator(namespace: policy.namespace, namespaceLabels: namespaceLabels)
        translator.problems = policy.problems
        if policy.directions.contains(.egress) {
            translator.problems.append(.init("spec.policyTypes", "egress that is allowed, where Romana's is denied"))
        }
        let target = translator.pods(policy.podSelector, of: policy.namespace, "spec.podSelector")
        let clauses = (policy.ingress ?? []).enumerated().map { index, rule in
            translator.clause(rule, "spec.ingress[\(index)]")
        }
        if clauses.isEmpty, policy.directions == [.ingress] {
            translator.problems.append(.init("spec.ingress", "nothing is allowed"))
        }
        guard translator.problems.isEmpty else { throw PolicyError(id: policy.id, problems: translator.problems) }
        self.init(id: policy.id, targets: [target], clauses: clauses)
    }
}

/// Says parts of a NetworkPolicy in Romana's own words, and collects what they have none for.
private struct PolicyTranslator {
    let namespace: String
    let namespaceLabels: Set<String>
    var problems: [PolicyError.Problem] = []

    mutating func clause(_ rule: NetworkPolicy.Rule, _ field: String) -> PolicyClause {
        let peers = rule.peers.enumerated().map { index, peer in self.peer(peer, "\(field).from[\(index)]") }
        let rules = rule.ports.enumerated().map { index, port in self.rule(port, "\(field).ports[\(index)]") }
        return PolicyClause(
            peers: peers.isEmpty ? [PolicyEndpoint(peer: "any")] : peers,
            rules: rules.isEmpty ? [PolicyRule(.any)] : rules)
    }

    /// Pods of a namespace: all of them or a segment.
    mutating func pods(_ selector: LabelSelector, of tenant: String, _ field: String) -> PolicyEndpoint {
        guard !selector.isEmpty else { return PolicyEndpoint(tenant: tenant) }
        let segment = selector.matchLabels[Segment.label] ?? ""
        if selector.matchLabels.count > 1 || !selector.matchExpressions.isEmpty || segment.isEmpty {
            problems.append(.init(field, "pods by other labels than \(Segment.label)"))
        } else if segment == Segment.ofUnlabelled {
            problems.append(.init(field, "pods of segment \(segment) without those that have no label"))
        }
        return PolicyEndpoint(tenant: tenant, segment: segment)
    }

    private mutating func peer(_ peer: NetworkPolicy.Peer, _ field: String) -> PolicyEndpoint {
        switch peer {
        case .block(let block, let exceptions):
            if !exceptions.isEmpty { problems.append(.init("\(field).ipBlock.except", "addresses less others")) }
            return PolicyEndpoint(cidr: block)
        case .pods(let namespaces, let pods):
            let tenant = namespaces.map { self.tenant($0, "\(field).namespaceSelector") } ?? namespace
            return self.pods(pods ?? LabelSelector(), of: tenant, "\(field).podSelector")
        }
    }

    private mutating func tenant(_ selector: LabelSelector, _ field: String) -> String {
        if selector.matchLabels.count == 1, selector.matchExpressions.isEmpty,
            let label = selector.matchLabels.first, namespaceLabels.contains(label.key)
        {
            return label.value
        }
        problems.append(.init(field, selector.isEmpty ? "pods of all namespaces" : "namespaces by labels"))
        return ""
    }

    private mutating func rule(_ port: NetworkPolicy.Port, _ field: String) -> PolicyRule {
        let transport: PolicyTransport
        switch port.transport {
        case .tcp: transport = .tcp
        case .udp: transport = .udp
        case .sctp:
            problems.append(.init("\(field).protocol", "SCTP"))
            transport = .any
        }
        switch (port.port, port.endPort) {
        case (nil, _): return PolicyRule(transport)
        case (.number(let first)?, nil): return PolicyRule(transport, ports: [first])
        case (.number(let first)?, let last?):
            return PolicyRule(transport, portRanges: [PolicyPortRange(first: first, last: last)])
        case (.name?, _):
            problems.append(.init("\(field).port", "a port by its name"))
            return PolicyRule(transport)
        }
    }
}
