/// Why a topology document, or a host's place in it, cannot stand.
public struct TopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is at fault: a path into the document such as `networks[1].cidr`, or a host.
    public let field: String
    /// What is wrong with it and with what it clashes, as the end of a sentence.
    public let problem: String
    /// What else is wrong, in the order of the document.
    public let others: [TopologyError]

    /// An error about `field`.
    public init(field: String, problem: String, others: [TopologyError] = []) {
        self.field = field
        self.problem = problem
        self.others = others
    }

    /// Several errors as one; nil when there are none.
    public init?(_ errors: [TopologyError]) {
        let all = errors.flatMap(\.all)
        guard let first = all.first else { return nil }
        self.init(field: first.field, problem: first.problem, others: Array(all.dropFirst()))
    }

    /// Every error by itself, this one first.
    public var all: [TopologyError] {
        [TopologyError(field: field, problem: problem)] + others.flatMap(\.all)
    }

    /// How many errors a description spells out.
    static let spelledOut = 20

    /// One sentence for each error: `networks[1].cidr: 10.1.0.0/16 of network b overlaps 10.0.0.0/8 of network a`.
    public var description: String {
        let all = all
        let spelled = all.prefix(Self.spelledOut).map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
        return all.count > Self.spelledOut ? "\(spelled); and \(all.count - Self.spelledOut) more" : spelled
    }
}
