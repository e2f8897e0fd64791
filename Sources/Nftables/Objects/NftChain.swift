/// A chain: what `nft add chain` makes.
public struct NftChain: Hashable, Sendable {
    /// Where the kernel hands packets to a base chain; the families of an inet table have the same hooks.
    public enum Hook: UInt32, Hashable, Sendable {
        case prerouting = 0
        case input = 1
        case forward = 2
        case output = 3
        case postrouting = 4
    }

    /// What makes a chain a base chain.
    public struct Base: Hashable, Sendable {
        /// `filter` or `nat`.
        public var type: String
        /// Hook.
        public var hook: Hook
        /// Lower ones come first: -300 is raw, -200 connection tracking, -100 dstnat, 0 filter, 100 srcnat.
        public var priority: Int32
        /// Whether a packet that comes to its end is dropped: the chain's policy.
        public var isClosed: Bool

        /// A base chain whose policy is accept, or drop where it is closed.
        public init(_ type: String = "filter", _ hook: Hook, priority: Int32, isClosed: Bool = false) {
            self.type = type
            self.hook = hook
            self.priority = priority
            self.isClosed = isClosed
        }
    }

    /// Its name, unique in the table.
    public var name: String
    /// Nil for a chain that others jump to.
    public var base: Base?
    /// For people; 127 bytes are kept.
    public var comment: String

    /// A chain.
    public init(_ name: String, base: Base? = nil, comment: String = "") {
        self.name = name
        self.base = base
        self.comment = comment
    }

    /// As `nft` would write it.
    var text: String {
        guard let base else { return "chain \(name)" }
        let policy = base.isClosed ? "drop" : "accept"
        return "chain \(name) { type \(base.type) hook \(base.hook) priority \(base.priority); policy \(policy); }"
    }
}
