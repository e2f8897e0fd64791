import Addresses
import Policies
import SeededRandom

/// A cluster that changes at random, with everything that ``Memberships`` is told of it.
struct MembershipHistory {
    private static let namespaceNames = ["a", "b", "c", "d"]
    private static let keys = ["app", "tier", "zone"]
    private static let values = ["x", "y", "z"]

    private var random: SeededGenerator
    private(set) var namespaces: [String: [String: String]] = [:]
    private(set) var pods: [PodRecord] = []
    private(set) var networkPolicies: [NetworkPolicy] = []
    private(set) var policies: [Policy] = []
    /// Who claims an address, the latest last.
    private(set) var claims: [IPAddress: [String]] = [:]
    private(set) var memberships = Memberships()

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Lets one thing happen.
    mutating func step() {
        switch Int.random(in: 0..<20, using: &random) {
        case 0...1: changeNamespace()
        case 2: removeNamespace()
        case 3...9: changePod()
        case 10...12: removePod()
        case 13...16: changeNetworkPolicy()
        case 17: removeNetworkPolicy()
        default: changePolicy()
        }
    }

    /// A listener that takes over with what `found` says, and lists everything.
    func successor(found: Memberships.Content) -> Memberships {
        var next = Memberships(found: found)
        next.replaceNetworkPolicies(with: networkPolicies)
        next.replacePolicies(with: policies)
        // Whoever claimed an address later is listed later here, as it must be for the same outcome.
        next.replacePods(with: pods)
        next.replaceNamespaces(with: namespaces.map { (name: $0.key, labels: $0.value, isolation: .none) })
        return next
    }

    mutating func takeChanges() -> MembershipChanges { memberships.takeChanges() }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    private mutating func labels() -> [String: String] {
        var labels: [String: String] = [:]
        for key in Self.keys where Bool.random(using: &random) { labels[key] = pick(Self.values) }
        return labels
    }

    private mutating func selector() -> LabelSelector {
        var selector = LabelSelector()
        for key in Self.keys where Int.random(in: 0..<4, using: &random) == 0 {
            selector.matchLabels[key] = pick(Self.values)
        }
        for key in Self.keys where Int.random(in: 0..<4, using: &random) == 0 {
            let operators: [LabelRequirement.Operator] = [.isIn, .isNotIn, .exists, .doesNotExist]
            guard let chosen = pick(operators) else { continue }
            let values = Self.values.filter { _ in Bool.random(using: &random) } + ["x"]
            selector.matchExpressions.append(
                LabelRequirement(key, chosen, chosen == .isIn || chosen == .isNotIn ? values : []))
        }
        return selector
    }

    private mutating func changeNamespace() {
        guard let name = pick(Self.namespaceNames) else { return }
        let labels = labels()
        namespaces[name] = labels
        memberships.setNamespace(name, labels: labels)
    }

    private mutating func removeNamespace() {
        guard let name = pick(Self.namespaceNames) else { return }
        namespaces[name] = nil
        memberships.removeNamespace(name)
    }

    private mutating func changePod() {
        let name = "p\(Int.random(in: 0..<12, using: &random))"
        guard let namespace = pick(Self.namespaceNames) else { return }
        let former = pods.first { $0.namespace == namespace && $0.name == name }
        var addresses = former?.addresses ?? []
        if Int.random(in: 0..<3, using: &random) == 0 || former == nil {
            addresses = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
                .v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32.random(in: 0..<24, using: &random)))
            }
        }
        let pod = PodRecord(
            namespace: namespace, name: name, uid: "\(Int.random(in: 0..<20, using: &random) == 0 ? 1 : 0)",
            labels: labels(), addresses: addresses,
            ports: Bool.random(using: &random) ? [.init("http", .tcp, 80)] : [],
            isEnding: Int.random(in: 0..<6, using: &random) == 0)
        // A later claim goes behind, and so does a pod that makes one.
        let title = "\(namespace)/\(name)"
        let isAnother = former?.uid != pod.uid
        for address in former?.addresses ?? [] where isAnother || !addresses.contains(address) {
            claims[address]?.removeAll { $0 == title }
        }
        for address in Set(addresses) where isAnother || !(former?.addresses.contains(address) ?? false) {
            claims[address, default: []].append(title)
        }
        pods.removeAll { $0.namespace == namespace && $0.name == name }
        pods.append(pod)
        memberships.set(pod)
    }

    private mutating func removePod() {
        guard let pod = pick(pods) else { return }
        pods.removeAll { $0.namespace == pod.namespace && $0.name == pod.name }
        for address in pod.addresses { claims[address]?.removeAll { $0 == "\(pod.namespace)/\(pod.name)" } }
        memberships.removePod(namespace: pod.namespace, name: pod.name)
    }

    private mutating func changeNetworkPolicy() {
        guard let namespace = pick(Self.namespaceNames) else { return }
        let peers = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
            let namespaces = Bool.random(using: &random) ? selector() : nil
            return NetworkPolicy.Peer.pods(namespaces: namespaces, pods: selector())
        }
        let rule = NetworkPolicy.Rule(
            peers: peers, ports: Int.random(in: 0..<5, using: &random) == 0 ? [.init(.tcp, .name("http"))] : [])
        let policy = NetworkPolicy(
            namespace: namespace, name: "n\(Int.random(in: 0..<4, using: &random))",
            uid: "\(Int.random(in: 0..<2, using: &random))", podSelector: selector(),
            ingress: Bool.random(using: &random) ? [rule] : nil, egress: Bool.random(using: &random) ? [rule] : nil)
        networkPolicies.removeAll { $0.namespace == namespace && $0.name == policy.name }
        networkPolicies.append(policy)
        memberships.set(policy)
    }

    private mutating func removeNetworkPolicy() {
        guard let policy = pick(networkPolicies) else { return }
        networkPolicies.removeAll { $0 == policy }
        memberships.removeNetworkPolicy(namespace: policy.namespace, name: policy.name)
    }

    private mutating func changePolicy() {
        let id = "r\(Int.random(in: 0..<3, using: &random))"
        policies.removeAll { $0.id == id }
        guard Bool.random(using: &random), let tenant = pick(Self.namespaceNames) else {
            memberships.removePolicy(id)
            return
        }
        let policy = Policy(
            id: id, direction: Bool.random(using: &random) ? .ingress : .egress,
            targets: [PolicyEndpoint(tenant: tenant)],
            clauses: [
                PolicyClause(peers: [PolicyEndpoint(tenant: tenant, segment: "default")], rules: [PolicyRule(.any)])
            ])
        policies.append(policy)
        memberships.set(policy)
    }
}
