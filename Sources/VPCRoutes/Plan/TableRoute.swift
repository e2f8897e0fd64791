public import Addresses

/// A route as a table of the VPC holds it.
public struct TableRoute: Hashable, Sendable {
    /// Where it leads.
    public enum Target: Hashable, Sendable {
        /// A network interface, by its id, which is an instance's.
        case interface(String)
        /// Anything else, in words: a gateway, a peering, an endpoint, the VPC itself.
        case foreign(String)

        /// How it is called in reports.
        public var text: String {
            switch self {
            case .interface(let id): id
            case .foreign(let words): words
            }
        }
    }

    /// The addresses.
    public var prefix: IPPrefix
    /// Where it leads.
    public var target: Target
    /// Whether its target is there; what is sent to one that is not is lost.
    public var isBlackHole: Bool
    /// Whether somebody's router said it, who is none of ours; it does not count towards the limit.
    public var isPropagated: Bool

    /// A route.
    public init(_ prefix: IPPrefix, _ target: Target, isBlackHole: Bool = false, isPropagated: Bool = false) {
        self.prefix = prefix
        self.target = target
        self.isBlackHole = isBlackHole
        self.isPropagated = isPropagated
    }
}
