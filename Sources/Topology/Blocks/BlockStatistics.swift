/// A node's blocks in numbers.
public struct BlockStatistics: Hashable, Sendable {
    /// Blocks that the node has.
    public var blocks = 0
    /// Blocks that no tenant uses.
    public var untaggedBlocks = 0
    /// Addresses in use, those of unknown blocks included.
    public var used = 0
    /// Addresses that cool down.
    public var cooling = 0
    /// Addresses that can be given at once.
    public var idle = 0
    /// Addresses in use whose block is not known.
    public var strays = 0
    /// Addresses given since the start.
    public var allocations: UInt64 = 0
    /// Addresses released since the start.
    public var releases: UInt64 = 0
    /// Addresses given from another tenant's block, for want of an own one.
    public var shared: UInt64 = 0
    /// Addresses given before they had cooled down.
    public var warm: UInt64 = 0
    /// Requests that got no address.
    public var failures: UInt64 = 0

    /// Numbers of a node without blocks.
    public init() {}

    /// Whether the node has no block.
    public var isEmpty: Bool { blocks == 0 }
}
