/// Why a topology document, or a host's place in it, cannot stand.
public struct TopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is at fault: a path into the document such as `networks[1].cidr`, or a host.
    public let field: String
    /// What is wrong with it and with what it clashes, as the end of a sentence.
    public let problem: String

    /// An error about `field`.
    public init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    /// One sentence: `networks[1].cidr: 10.1.0.0/16 of network b overlaps 10.0.0.0/8 of network a`.
    public var description: String { "\(field): \(problem)" }
}
