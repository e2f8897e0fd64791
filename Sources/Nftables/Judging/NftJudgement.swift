/// What rules make of a packet.
public struct NftJudgement: Hashable, Sendable {
    /// Whether it is let through.
    public var isAllowed: Bool
    /// The chain and the comment of the rule that said so.
    public var rule: String
}
