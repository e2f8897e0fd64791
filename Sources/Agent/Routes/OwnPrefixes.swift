import Addresses

/// The prefixes that a node answers for, and the parts of them that it leaves to others.
struct OwnPrefixes: Hashable, Sendable {
    /// Its blocks: what has no pod there is nowhere.
    var blocks: [IPPrefix] = []
    /// The prefixes of its groups: what no host of theirs has a block for is nowhere either, and packets that the fabric
    /// brings for it must not go back there.
    ///
    /// A group among whose addresses are those of hosts is none of them.
    var groups: [IPPrefix] = []
    /// Its blocks that somebody else gives the addresses of, and blackouts: how they are reached is not ours to say.
    var exempt: [IPPrefix] = []

    /// What leads nowhere on a node with these prefixes on its links; of its groups nothing does while the blocks of
    /// others are not all known.
    func unreachable(connected: [IPPrefix], isComplete: Bool) -> Set<IPPrefix> {
        guard isComplete else { return Set(blocks) }
        return Set(blocks + groups.filter { group in !connected.contains { $0.overlaps(group) } })
    }
}
