public import Policies

/// A story about policies: some changes to a small cluster, and after each of them who reaches whom.
///
/// What is right is what ``PolicyOracle`` says; where a step has tables written by hand they check the oracle itself.
public struct PolicyCase: Sendable {
    /// What a case is mainly about.
    public enum Category: String, Sendable, CaseIterable {
        /// Whom a policy is about, and in which directions.
        case targets
        /// Who is at the other end, by selectors.
        case peers
        /// Who is at the other end, by addresses.
        case blocks
        /// Protocols, ports and their names.
        case ports
        /// Rules and their empty forms.
        case rules
        /// Several policies about one pod.
        case conflicts
        /// Policies, labels, namespaces and pods that change.
        case changes
        /// What the conformance tests of Kubernetes look at.
        case conformance
        /// Romana's own policies.
        case romana
        /// Made by ``RandomPolicies``.
        case random
    }

    /// Changes that are made together, after which everything is probed.
    public struct Step: Sendable {
        /// The changes, which may depend on the addresses that pods have.
        public var changes: @Sendable (CaseWorld) -> [PolicyChange]
        /// What a person expects; what is not among it is left to the oracle.
        public var expected: [HandTable]

        /// A step of changes that depend on addresses.
        public init(
            expected: [HandTable] = [], changes: @escaping @Sendable (CaseWorld) -> [PolicyChange]
        ) {
            self.changes = changes
            self.expected = expected
        }

        /// A step of fixed changes.
        public init(_ changes: PolicyChange..., expected: [HandTable] = []) {
            self.init(expected: expected) { _ in changes }
        }
    }

    /// What it is called: unique among all cases.
    public var name: String
    /// What it is mainly about.
    public var category: Category
    /// The story.
    public var steps: [Step]

    /// A case.
    public init(_ name: String, _ category: Category, _ steps: [Step]) {
        self.name = name
        self.category = category
        self.steps = steps
    }

    /// What is tried between all pairs of pods after each step, where the kernel has the protocol.
    public static let traffic: [PolicyOracle.Traffic] = [
        .port(.tcp, 80), .port(.tcp, 81), .port(.udp, 80), .port(.udp, 81), .port(.sctp, 80), .port(.sctp, 81),
    ]

    /// Every case that has a name, in the order of categories.
    public static let all: [PolicyCase] =
        targets + peers + blocks + ports + rules + conflicts + changes + conformance + romana
}
