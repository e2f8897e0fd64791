/// Everything that keeps a policy from standing.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// What is at fault: a path into the document such as `ingress[0].rules[1].ports[0]`.
        public var field: String
        /// What is wrong with it, as the end of a sentence.
        public var problem: String

        /// A problem of `field`.
        public init(_ field: String, _ problem: String) {
            self.field = field
            self.problem = problem
        }

        /// One sentence.
        public var description: String { "\(field): \(problem)" }
    }

    /// The name of the policy, as far as it has one.
    public var id: String
    /// What is wrong, in the order of the document; never empty.
    public var problems: [Problem]

    /// The problems in one line.
    public var description: String { problems.map(\.description).joined(separator: "; ") }
}
