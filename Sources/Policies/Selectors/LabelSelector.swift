/// Which labels an object must have, as Kubernetes writes it (meta/v1 LabelSelector).
///
/// An empty selector matches everything.
public struct LabelSelector: Hashable, Sendable {
    /// Labels with exactly these values.
    public var matchLabels: [String: String]
    /// Further requirements; all of them must hold.
    public var matchExpressions: [LabelRequirement]

    /// A selector; without arguments it matches everything.
    public init(matchLabels: [String: String] = [:], matchExpressions: [LabelRequirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Whether it asks for nothing.
    public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    /// Whether an object with these labels is meant.
    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }
}
