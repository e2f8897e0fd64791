public import Addresses

/// Who may reach whom, answered from policies as they are written.
///
/// It is the reference that the compiler and packets are tested against, so it is slow, plain, and shares nothing with
/// ``PolicyStatement``.
public struct PolicyOracle: Hashable, Sendable {
    /// A pod of the world.
    public struct Pod: Hashable, Sendable {
        /// The pod as policies see it.
        public var record: PodRecord
        /// Whether it is on its node's network: its traffic is the node's, and policies know nothing of it.
        public var usesHostNetwork: Bool
        /// Whether it has succeeded or failed: its addresses are somebody else's.
        public var hasEnded: Bool

        /// A pod, by default one that runs on the pod network.
        public init(_ record: PodRecord, usesHostNetwork: Bool = false, hasEnded: Bool = false) {
            self.record = record
            self.usesHostNetwork = usesHostNetwork
            self.hasEnded = hasEnded
        }

        /// Whether policies are about it.
        var isOnPodNetwork: Bool { !usesHostNetwork && !hasEnded }
    }

    /// The labels of namespaces by name; one that is not here has its name as its only label.
    public var namespaces: [String: [String: String]]
    /// The addresses of nodes by name; of each family the first is what its packets carry.
    public var nodes: [String: [IPAddress]]
    /// The pods.
    public var pods: [Pod]
    /// The NetworkPolicies of Kubernetes.
    public var networkPolicies: [NetworkPolicy]
    /// The policies of Romana's own; those that cannot stand say nothing.
    public var policies: [Policy]

    /// A world; without arguments it is empty.
    public init(
        namespaces: [String: [String: String]] = [:], nodes: [String: [IPAddress]] = [:], pods: [Pod] = [],
        networkPolicies: [NetworkPolicy] = [], policies: [Policy] = []
    ) {
        self.namespaces = namespaces
        self.nodes = nodes
        self.pods = pods
        self.networkPolicies = networkPolicies
        self.policies = policies
    }

    /// Whether `from` may open a connection to `to`, or send it a first packet, and who says so.
    ///
    /// - Returns: nil when an end does not exist, or has no address of the family. With an address at one end, its
    ///   family is meant where none is given.
    public func judge(
        from: Endpoint, to: Endpoint, _ traffic: Traffic, family: AddressFamily? = nil
    ) -> Judgement? {
        let family = family ?? from.family ?? to.family ?? sharedFamily(from, to)
        guard let family, let source = end(from, family), let destination = end(to, family) else { return nil }
        let exemption = exemption(source, destination)
        let flow = Flow(source: source, destination: destination, traffic: traffic)
        return Judgement(
            from: from, to: to, traffic: traffic, family: family, exemption: exemption,
            egress: exemption == nil ? egress(flow) : .notPoliced,
            ingress: exemption == nil ? ingress(flow) : .notPoliced)
    }

    /// What is allowed whatever policies say.
    private func exemption(_ source: End, _ destination: End) -> Judgement.Exemption? {
        if let pod = source.pod, let other = destination.pod {
            return pod.namespace == other.namespace && pod.name == other.name ? .itself : nil
        }
        let pod = source.pod ?? destination.pod
        let node = source.pod == nil ? source.node : destination.node
        guard let pod, let node, !node.isEmpty, pod.node == node else { return nil }
        return .ownNode(node)
    }

    /// What the source's side says.
    private func egress(_ flow: Flow) -> Judgement.Verdict {
        guard let subject = flow.source.pod else { return .notPoliced }
        if let denial = denial(of: flow, subject) { return .forbidden(by: denial) }
        return Judgement.Verdict(networkOpinions(.egress, subject, flow))
    }

    /// What the destination's side says.
    private func ingress(_ flow: Flow) -> Judgement.Verdict {
        guard let subject = flow.destination.pod else { return .notPoliced }
        return Judgement.Verdict(networkOpinions(.ingress, subject, flow) + romanaOpinions(subject, flow))
    }
}

extension Judgement.Verdict {
    /// One direction's verdict from what each policy that isolates the subject in it has to say.
    fileprivate init(_ opinions: [PolicyOracle.Opinion]) {
        if opinions.isEmpty {
            self = .notIsolated
        } else if let opinion = opinions.first(where: { $0.rule != nil }), let rule = opinion.rule {
            self = .allowed(by: Judgement.Rule(policy: opinion.policy, index: rule))
        } else {
            self = .denied(isolatedBy: opinions.map(\.policy))
        }
    }
}
