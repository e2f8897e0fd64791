public import Addresses

/// Which blocks a host gets: the lowest free ones of its group.
///
/// Nothing spills out of a group: a route for the group must be a route to its hosts. When a group is full its hosts
/// turn to the next network that serves the tenant, and else share the blocks they have.
public enum BlockGrant {
    /// The lowest free blocks of `group`, fewer than `count` when there are fewer.
    ///
    /// Blocks that are blacked out as a whole are left out; those that are in part are given, and the node leaves out
    /// the addresses.
    ///
    /// - Parameter taken: something taken that shares addresses with a block, such as the block itself; nil if it is free.
    public static func choose(
        _ count: Int, in group: IPPrefix, of network: Network, taken: (IPPrefix) -> IPPrefix?
    ) -> [IPPrefix] {
        guard network.cidr.contains(group) else { return [] }
        let blackouts = PrefixIndex(IPPrefix.aggregate(network.blackouts))
        var blocks: [IPPrefix] = []
        var index: UInt128 = 0
        while blocks.count < count, let block = group.subprefix(index, length: network.blockMask) {
            let blackout = blackouts.overlapping(block).flatMap { $0.contains(block) ? $0 : nil }
            guard let obstacle = blackout ?? taken(block) else {
                blocks.append(block)
                index += 1
                continue
            }
            // What is wider than a block is passed in one step.
            let last = obstacle.contains(block) ? obstacle.last.value : block.last.value
            let distance = last - group.first.value
            let (next, overflow) = (distance >> UInt128(network.family.bits - network.blockMask))
                .addingReportingOverflow(1)
            guard !overflow else { break }
            index = next
        }
        return blocks
    }

    /// The lowest free blocks of `group`, where everything in `taken` is not free.
    public static func choose(
        _ count: Int, in group: IPPrefix, of network: Network, taken: PrefixIndex
    ) -> [IPPrefix] {
        choose(count, in: group, of: network, taken: taken.overlapping)
    }
}
