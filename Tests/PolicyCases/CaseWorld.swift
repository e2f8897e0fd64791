public import Addresses
public import Policies

/// The cluster of a case as it stands: namespaces x, y and z with pods a, b and c each, on two nodes.
public struct CaseWorld: Hashable, Sendable {
    /// All there is, for the oracle to judge.
    public var oracle: PolicyOracle

    /// The names of the nodes, and which of them the pods of a letter run on.
    public static let nodes = ["a": "node-1", "b": "node-2", "c": "node-1"]
    private static let letters = ["a", "b", "c"]
    private static let names = ["x", "y", "z"]

    /// The cluster without policies and without addresses.
    public static var usual: CaseWorld {
        let pods = names.flatMap { namespace in letters.map { record(namespace, $0) } }
        return CaseWorld(
            oracle: PolicyOracle(
                namespaces: Dictionary(uniqueKeysWithValues: names.map { ($0, ["ns": $0]) }),
                pods: pods.map { PolicyOracle.Pod($0) }))
    }

    /// The same with addresses that nobody has, for where no packets are sent.
    public static var imagined: CaseWorld {
        var world = usual
        for pod in world.oracle.pods { world.place(pod.record.namespace, pod.record.name, at: []) }
        return world
    }

    /// A pod of a namespace: label `pod`, ports of both numbers and all protocols.
    ///
    /// Every pod names its ports `serve-80-tcp` and so on; besides, `web`, `dns` and `talk` are 80 at pods a, 81 at pods b,
    /// and nothing at others, and `mixed` is TCP at pods a and UDP at pods b.
    public static func record(_ namespace: String, _ name: String, labels: [String: String]? = nil) -> PodRecord {
        let number: UInt16? = name == "a" ? 80 : name == "b" ? 81 : nil
        var ports = NetworkPolicy.Transport.allCases.flatMap { transport in
            [80, 81].map { PodRecord.NamedPort("serve-\($0)-\(transport.rawValue.lowercased())", transport, $0) }
        }
        if let number {
            ports += [.init("web", .tcp, number), .init("dns", .udp, number), .init("talk", .sctp, number)]
            ports.append(.init("mixed", name == "a" ? .tcp : .udp, 80))
        }
        return PodRecord(
            namespace: namespace, name: name, node: nodes[name] ?? "node-2", labels: labels ?? ["pod": name],
            ports: ports)
    }

    /// Makes a change; a pod that starts has imagined addresses until ``place(_:_:at:)`` tells the real ones.
    public mutating func apply(_ change: PolicyChange) {
        switch change {
        case .put(let policy):
            apply(.remove(policy.namespace, policy.name))
            oracle.networkPolicies.append(policy)
        case .remove(let namespace, let name):
            oracle.networkPolicies.removeAll { $0.namespace == namespace && $0.name == name }
        case .add(let policy):
            apply(.withdraw(policy.id))
            oracle.policies.append(policy)
        case .withdraw(let id): oracle.policies.removeAll { $0.id == id }
        case .labelPod(let namespace, let name, let labels):
            for index in indices(namespace, name) { oracle.pods[index].record.labels = labels }
        case .labelNamespace(let name, let labels): oracle.namespaces[name] = labels
        case .start(let record):
            apply(.stop(record.namespace, record.name))
            oracle.pods.append(PolicyOracle.Pod(record))
            place(record.namespace, record.name, at: [])
        case .stop(let namespace, let name):
            oracle.pods.removeAll { $0.record.namespace == namespace && $0.record.name == name }
        }
    }

    /// Tells where a pod is; without addresses it gets imagined ones.
    public mutating func place(_ namespace: String, _ name: String, at addresses: [IPAddress], node: String? = nil) {
        for index in indices(namespace, name) {
            oracle.pods[index].record.addresses = addresses.isEmpty ? Self.imagine(namespace, name) : addresses
            if let node { oracle.pods[index].record.node = node }
        }
    }

    /// An address of a pod such as `x/a`, as a prefix of `length` bits, or of all.
    public func prefix(_ pod: String, _ family: AddressFamily = .ipv4, length: Int? = nil) -> IPPrefix? {
        PolicyOracle.Endpoint(pod).flatMap { oracle.addresses(of: $0).first { $0.family == family } }
            .flatMap { IPPrefix($0, length: length ?? family.bits) }
    }

    private func indices(_ namespace: String, _ name: String) -> [Int] {
        oracle.pods.indices.filter {
            oracle.pods[$0].record.namespace == namespace && oracle.pods[$0].record.name == name
        }
    }

    /// Addresses that tell namespace and name by their bytes: x/a is 10.0.120.97.
    private static func imagine(_ namespace: String, _ name: String) -> [IPAddress] {
        let block = namespace.utf8.reduce(UInt32(0)) { ($0 &* 31 &+ UInt32($1)) & 0xFF }
        let host = name.utf8.reduce(UInt32(0)) { ($0 &* 31 &+ UInt32($1)) & 0xFF }
        let number = 10 << 24 | block << 8 | host
        return [
            .v4(IPv4Address(rawValue: number)),
            .v6(IPv6Address(rawValue: 0xfd << 120 | UInt128(number))),
        ]
    }
}
