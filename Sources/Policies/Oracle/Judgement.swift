public import Addresses

/// What policies say of some traffic, at both of its ends.
public struct Judgement: Hashable, Sendable {
    /// Which policy.
    public enum PolicyName: Hashable, Sendable {
        /// A NetworkPolicy by its namespace and name.
        case network(String, String)
        /// One of Romana's own by its id.
        case romana(String)
    }

    /// A rule of a policy.
    public struct Rule: Hashable, Sendable {
        /// The policy.
        public var policy: PolicyName
        /// Which item of its `ingress` or `egress`, the first being 0.
        public var index: Int

        /// A rule.
        public init(policy: PolicyName, index: Int) {
            self.policy = policy
            self.index = index
        }
    }

    /// Why no policy is asked.
    public enum Exemption: Hashable, Sendable {
        /// Both ends are one pod.
        case itself
        /// One end is the node that the other runs on.
        case ownNode(String)
    }

    /// What is said at one end.
    public enum Verdict: Hashable, Sendable {
        /// The end is no pod, or the traffic is exempt.
        case notPoliced
        /// No policy isolates the pod in this direction, so everything is allowed.
        case notIsolated
        /// A rule allows it.
        case allowed(by: Rule)
        /// Policies isolate the pod, and none of their rules allows it.
        case denied(isolatedBy: [PolicyName])
        /// One of Romana's egress policies forbids it.
        case forbidden(by: Rule)

        /// Whether this end consents.
        public var isAllowed: Bool {
            switch self {
            case .notPoliced, .notIsolated, .allowed: true
            case .denied, .forbidden: false
            }
        }
    }

    /// Where the traffic comes from.
    public var from: PolicyOracle.Endpoint
    /// Where it goes to.
    public var to: PolicyOracle.Endpoint
    /// What it is.
    public var traffic: PolicyOracle.Traffic
    /// The family of its addresses.
    public var family: AddressFamily
    /// Why no policy is asked; nil when policies are.
    public var exemption: Exemption?
    /// What is said where it comes from.
    public var egress: Verdict
    /// What is said where it goes to.
    public var ingress: Verdict

    /// Whether both ends consent.
    public var isAllowed: Bool { egress.isAllowed && ingress.isAllowed }
}
