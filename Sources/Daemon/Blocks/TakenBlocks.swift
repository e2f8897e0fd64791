import Addresses
import Topology

/// Which blocks are not free: granted to a host, or chosen by a request that has not ended.
struct TakenBlocks: Sendable {
    /// Blocks that the store holds, those with unreadable records among them.
    private(set) var granted: Set<IPPrefix> = []
    /// The same for finding what overlaps, each family by itself.
    private var index: [AddressFamily: PrefixIndex] = [.ipv4: PrefixIndex(), .ipv6: PrefixIndex()]
    /// Granted blocks, and every prefix that is granted as a whole, so that a search passes it in one step.
    private var full: Set<IPPrefix> = []
    /// Blocks chosen by requests under way, with the number of them.
    private var reserved: [IPPrefix: Int] = [:]

    /// Something not free that shares addresses with `block`; nil when it may be chosen.
    func obstacle(to block: IPPrefix) -> IPPrefix? {
        if reserved[block] != nil { return block }
        if full.contains(block) {
            var widest = block
            while let parent = widest.parent, full.contains(parent) { widest = parent }
            return widest
        }
        return index[block.family]?.overlapping(block)
    }

    /// The store holds `block`.
    mutating func grant(_ block: IPPrefix) {
        granted.insert(block)
        index[block.family]?.insert(block)
        full.insert(block)
        var part = block
        while let sibling = part.sibling, let parent = part.parent, full.contains(sibling) {
            full.insert(parent)
            part = parent
        }
    }

    /// The store no longer holds `block`.
    mutating func ungrant(_ block: IPPrefix) {
        granted.remove(block)
        index[block.family]?.remove(block)
        var part: IPPrefix? = block
        while let gone = part, full.remove(gone) != nil { part = gone.parent }
    }

    /// A request chose `block`.
    mutating func reserve(_ block: IPPrefix) { reserved[block, default: 0] += 1 }

    /// A request that chose `block` has ended.
    mutating func unreserve(_ block: IPPrefix) {
        guard let count = reserved[block] else { return }
        reserved[block] = count > 1 ? count - 1 : nil
    }
}
