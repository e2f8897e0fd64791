import Addresses
import Policies

// Few words for what cases are made of.

extension LabelSelector {
    /// Objects with these labels.
    static func labels(_ labels: [String: String]) -> LabelSelector { LabelSelector(matchLabels: labels) }
    /// Pods of a letter.
    static func pod(_ name: String) -> LabelSelector { labels(["pod": name]) }
    /// Namespaces of a letter.
    static func namespace(_ name: String) -> LabelSelector { labels(["ns": name]) }
    /// Objects that meet requirements.
    static func demand(_ requirements: LabelRequirement...) -> LabelSelector {
        LabelSelector(matchExpressions: requirements)
    }
    /// Everything.
    static var any: LabelSelector { LabelSelector() }
}

extension NetworkPolicy.Peer {
    /// Pods of the policy's own namespace.
    static func pods(_ pods: LabelSelector) -> Self { .pods(namespaces: nil, pods: pods) }
    /// All pods of namespaces.
    static func namespaces(_ namespaces: LabelSelector) -> Self { .pods(namespaces: namespaces, pods: nil) }
    /// Pods of namespaces.
    static func pods(_ pods: LabelSelector, in namespaces: LabelSelector) -> Self {
        .pods(namespaces: namespaces, pods: pods)
    }
}

extension NetworkPolicy.Port {
    static func tcp(_ number: Int, through last: Int? = nil) -> Self { Self(.tcp, .number(number), endPort: last) }
    static func udp(_ number: Int, through last: Int? = nil) -> Self { Self(.udp, .number(number), endPort: last) }
    static func sctp(_ number: Int, through last: Int? = nil) -> Self { Self(.sctp, .number(number), endPort: last) }
    static func named(_ name: String, _ transport: NetworkPolicy.Transport = .tcp) -> Self {
        Self(transport, .name(name))
    }
}

extension NetworkPolicy {
    /// A policy for `x/a`, or for all pods of `x`; the types are as written.
    static func about(
        _ target: String, name: String = "policy", types: [Direction]? = nil, ingress: [Rule]? = nil,
        egress: [Rule]? = nil
    ) -> NetworkPolicy {
        let parts = target.split(separator: "/").map { String($0) }
        return NetworkPolicy(
            namespace: parts[0], name: name, podSelector: parts.count > 1 ? .pod(parts[1]) : .any, policyTypes: types,
            ingress: ingress, egress: egress)
    }

    /// A policy with the same rules for one direction and of one type.
    static func about(
        _ target: String, name: String = "policy", _ direction: Direction, _ rules: [Rule]
    ) -> NetworkPolicy {
        direction == .ingress
            ? about(target, name: name, types: [.ingress], ingress: rules)
            : about(target, name: name, types: [.egress], egress: rules)
    }

    /// The same with another selector.
    func selecting(_ pods: LabelSelector) -> NetworkPolicy {
        var policy = self
        policy.podSelector = pods
        return policy
    }
}

extension PolicyOracle.Traffic {
    static let tcp80 = Self.port(.tcp, 80)
    static let tcp81 = Self.port(.tcp, 81)
    static let udp80 = Self.port(.udp, 80)
    static let udp81 = Self.port(.udp, 81)
    static let sctp80 = Self.port(.sctp, 80)
    static let sctp81 = Self.port(.sctp, 81)

    /// What is probed but for these.
    static func all(but excluded: [PolicyOracle.Traffic]) -> [PolicyOracle.Traffic] {
        PolicyCase.traffic.filter { !excluded.contains($0) }
    }
}

extension HandTable {
    /// Only `peers` reach, or are reached by, `target`; what it does not name is as without policies.
    static func only(
        _ direction: NetworkPolicy.Direction, _ target: String, _ peers: [String],
        _ traffic: [PolicyOracle.Traffic]? = nil, family: AddressFamily? = nil
    ) -> HandTable {
        func pair(_ peer: String) -> String {
            direction == .ingress ? "\(peer) > \(target)" : "\(target) > \(peer)"
        }
        return HandTable(traffic, family: family, blocked: [pair("*")], except: peers.map(pair))
    }

    /// Traffic by traffic: what of it passes `target` in a direction, the rest being blocked.
    static func passing(
        _ direction: NetworkPolicy.Direction, _ target: String, _ traffic: [PolicyOracle.Traffic]
    ) -> [HandTable] {
        [only(direction, target, [], PolicyOracle.Traffic.all(but: traffic)), HandTable(traffic)]
    }
}

extension PolicyCase {
    /// A case of one step that puts policies.
    static func single(
        _ name: String, _ category: Category, _ policies: NetworkPolicy..., expected: [HandTable] = []
    ) -> PolicyCase {
        PolicyCase(name, category, [Step(expected: expected) { _ in policies.map { .put($0) } }])
    }

    /// The word for a direction within names.
    static func word(_ direction: NetworkPolicy.Direction) -> String { direction.rawValue.lowercased() }
}
