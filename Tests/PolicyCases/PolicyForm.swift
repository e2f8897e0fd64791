import Addresses
public import Policies

/// A form that a NetworkPolicy can have; a set of cases should have them all.
public enum PolicyForm: String, Sendable, CaseIterable {
    case noTypes, emptyTypes, ingressOnly, egressOnly, bothTypes
    case everyTarget, labelledTarget, demandedTarget
    case nothingSaid, noRules, emptyRule, severalRules
    case noPeers, ownPods, everyOwnPod, namespaces, everyNamespace, podsOfNamespaces, severalPeers
    case block, block6, wholeFamily, exceptions
    case isIn, isNotIn, exists, doesNotExist
    case noPorts, number, range, name, protocolAlone, udp, sctp, severalPorts
    case nameAtIngress, nameAtEgress

    /// The forms of a policy.
    public static func forms(_ policy: NetworkPolicy) -> Set<PolicyForm> {
        var forms: Set<PolicyForm> = []
        switch policy.policyTypes.map(Set.init) {
        case nil: forms.insert(.noTypes)
        case []?: forms.insert(.emptyTypes)
        case [.ingress]?: forms.insert(.ingressOnly)
        case [.egress]?: forms.insert(.egressOnly)
        default: forms.insert(.bothTypes)
        }
        if policy.podSelector.isEmpty { forms.insert(.everyTarget) }
        if !policy.podSelector.matchLabels.isEmpty { forms.insert(.labelledTarget) }
        if !policy.podSelector.matchExpressions.isEmpty { forms.insert(.demandedTarget) }
        forms.formUnion(self.forms(policy.podSelector))
        for (rules, nameForm) in [(policy.ingress, nameAtIngress), (policy.egress, nameAtEgress)] {
            guard let rules else {
                forms.insert(.nothingSaid)
                continue
            }
            if rules.isEmpty { forms.insert(.noRules) }
            if rules.count > 1 { forms.insert(.severalRules) }
            for rule in rules {
                forms.formUnion(self.forms(rule))
                if rule.ports.contains(where: { if case .name? = $0.port { true } else { false } }) {
                    forms.insert(nameForm)
                }
            }
        }
        return forms
    }

    private static func forms(_ rule: NetworkPolicy.Rule) -> Set<PolicyForm> {
        var forms: Set<PolicyForm> = []
        if rule.peers.isEmpty { forms.insert(.noPeers) }
        if rule.ports.isEmpty { forms.insert(.noPorts) }
        if rule == NetworkPolicy.Rule() { forms.insert(.emptyRule) }
        if rule.peers.count > 1 { forms.insert(.severalPeers) }
        if rule.ports.count > 1 { forms.insert(.severalPorts) }
        for peer in rule.peers { forms.formUnion(self.forms(peer)) }
        for port in rule.ports { forms.formUnion(self.forms(port)) }
        return forms
    }

    private static func forms(_ peer: NetworkPolicy.Peer) -> Set<PolicyForm> {
        switch peer {
        case .block(let prefix, let except):
            var forms: Set<PolicyForm> = [prefix.family == .ipv4 ? .block : .block6]
            if prefix.length == 0 { forms.insert(.wholeFamily) }
            if !except.isEmpty { forms.insert(.exceptions) }
            return forms
        case .pods(let namespaces, let pods):
            var forms: Set<PolicyForm> = []
            if let namespaces {
                forms.insert(pods == nil ? .namespaces : .podsOfNamespaces)
                if namespaces.isEmpty { forms.insert(.everyNamespace) }
                forms.formUnion(self.forms(namespaces))
            } else {
                forms.insert(pods?.isEmpty ?? true ? .everyOwnPod : .ownPods)
            }
            return forms.union(pods.map(self.forms) ?? [])
        }
    }

    private static func forms(_ port: NetworkPolicy.Port) -> Set<PolicyForm> {
        var forms: Set<PolicyForm> = []
        switch port.port {
        case nil: forms.insert(.protocolAlone)
        case .name?: forms.insert(.name)
        case .number?: forms.insert(port.endPort == nil ? .number : .range)
        }
        if port.transport == .udp { forms.insert(.udp) }
        if port.transport == .sctp { forms.insert(.sctp) }
        return forms
    }

    private static func forms(_ selector: LabelSelector) -> Set<PolicyForm> {
        Set(
            selector.matchExpressions.compactMap { requirement in
                switch requirement.operator {
                case .isIn: .isIn
                case .isNotIn: .isNotIn
                case .exists: .exists
                case .doesNotExist: .doesNotExist
                case .isInOrMissing: nil
                }
            })
    }
}
