public import Addresses
internal import Crypto

/// A chain of rules of one direction; two chains with the same content have the same name.
public struct PolicyChain: Hashable, Sendable {
    /// What becomes of traffic that no rule matches.
    public enum End: String, Hashable, Sendable {
        /// It is dropped, since nothing allows it.
        case deny
        /// This direction allows it.
        case allow
        /// The chain that led here goes on.
        case back
    }

    /// The direction it is about.
    public let direction: NetworkPolicy.Direction
    /// Its rules, in order.
    public let rules: [ChainRule]
    /// What becomes of the rest.
    public let end: End
    /// The family of all packets that it sees, where the node has pods of one family only; nil where it can be either.
    public let family: AddressFamily?
    /// Titles of the policies that it comes from, for people.
    public let titles: String
    /// `in-`, `out-` and 16 hexadecimal digits of a hash of the content; `in-part-`, `out-part-` where others lead to it.
    public let name: String

    /// A chain; its name follows from what it says.
    public init(
        _ direction: NetworkPolicy.Direction, _ rules: [ChainRule], end: End, family: AddressFamily? = nil,
        titles: String
    ) {
        self.direction = direction
        self.rules = rules
        self.end = end
        self.family = family
        self.titles = titles
        var content = "\(Self.layout) \(direction.rawValue) \(end.rawValue) \(family.text) \(titles)"
        for rule in rules { content += "\n\(rule.text)" }
        let hash = SHA256.hash(data: Array(content.utf8))
        let digits = hash.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        name = (direction == .ingress ? "in-" : "out-") + (end == .back ? "part-" : "") + digits
    }

    /// Changes whenever the same content would be written to the kernel in another way: an agent that takes over from
    /// an older one must not find chains of the old kind under the names of the new.
    private static let layout = 3
}
