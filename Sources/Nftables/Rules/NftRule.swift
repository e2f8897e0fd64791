/// A rule: expressions that the kernel runs one after another until one does not match.
public struct NftRule: Hashable, Sendable, CustomStringConvertible {
    /// What is run.
    public var expressions: [NftExpression]
    /// For people; 127 bytes are kept.
    public var comment: String

    /// A rule.
    public init(_ expressions: [NftExpression], comment: String = "") {
        self.expressions = expressions
        self.comment = comment
    }

    /// The parts of a rule, one behind the other.
    public init(_ parts: [NftExpression]..., comment: String = "") {
        self.init(parts.flatMap(\.self), comment: comment)
    }

    /// What it does, nearly as `nft` writes it.
    public var description: String {
        let text = expressions.map(\.description).joined(separator: " ")
        return comment.isEmpty ? text : "\(text) comment \"\(comment)\""
    }
}
