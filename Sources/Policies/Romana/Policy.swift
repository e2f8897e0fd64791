/// One of Romana's own policies: which traffic of its targets is let through (ingress) or dropped (egress).
///
/// A value may say what cannot stand; `check()` tells.
public struct Policy: Hashable, Sendable {
    /// Its name; one policy for each name.
    public var id: String
    /// Whether it is about traffic to its targets or from them.
    public var direction: PolicyDirection
    /// What people say of it.
    public var remark: String
    /// Whom it is about.
    public var targets: [PolicyEndpoint]
    /// What it says; the parts add up.
    public var clauses: [PolicyClause]

    /// A policy; nothing is checked yet.
    public init(
        id: String, direction: PolicyDirection = .ingress, remark: String = "", targets: [PolicyEndpoint],
        clauses: [PolicyClause]
    ) {
        self.id = id
        self.direction = direction
        self.remark = remark
        self.targets = targets
        self.clauses = clauses
    }
}

/// Which way the traffic goes, as seen from the targets of a policy.
public enum PolicyDirection: String, Hashable, Sendable, Codable, CaseIterable {
    /// To the targets; what a policy names is let through.
    case ingress
    /// From the targets; what a policy names is dropped.
    case egress
}

/// Peers, and the traffic with each of them that the policy is about.
public struct PolicyClause: Hashable, Sendable {
    /// The other ends.
    public var peers: [PolicyEndpoint]
    /// The traffic.
    public var rules: [PolicyRule]

    /// A part of a policy.
    public init(peers: [PolicyEndpoint], rules: [PolicyRule]) {
        self.peers = peers
        self.rules = rules
    }
}
