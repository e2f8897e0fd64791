public import Addresses

/// How much a prefix can hold, blackouts taken off.
public struct BlockCapacity: Hashable, Sendable {
    /// Blocks with at least one address that may be given.
    public let blocks: UInt128
    /// Addresses that may be given.
    public let addresses: UInt128

    /// What `prefix` can hold as a part of `network`.
    public init(of prefix: IPPrefix, in network: Network) {
        let isRoomy = prefix.length <= network.blockMask
        var blocks = isRoomy ? Self.count(network.blockMask - prefix.length) : 0
        var addresses = prefix.count
        for blackout in IPPrefix.aggregate(network.blackouts) where blackout.overlaps(prefix) {
            let inside = prefix.contains(blackout) ? blackout : prefix
            addresses -= min(addresses, inside.count)
            if inside.length <= network.blockMask {
                blocks -= min(blocks, Self.count(network.blockMask - inside.length))
            }
        }
        self.blocks = blocks
        self.addresses = addresses
    }

    /// Room for nothing.
    init() { (blocks, addresses) = (0, 0) }

    /// What the leaves of a tree can hold that hosts are placed in.
    init(of tree: GroupTree?, in network: Network) {
        let leaves = (tree?.leaves ?? []).filter { !$0.isDummy }.map { BlockCapacity(of: $0.cidr, in: network) }
        blocks = leaves.reduce(0) { $0.addingReportingOverflow($1.blocks).partialValue }
        addresses = leaves.reduce(0) { $0.addingReportingOverflow($1.addresses).partialValue }
    }

    private static func count(_ bits: Int) -> UInt128 { bits >= 128 ? .max : 1 << UInt128(max(bits, 0)) }

    /// A number as people read it: powers of two beyond a million by their exponent.
    static func text(_ number: UInt128) -> String {
        let isPower = number > 0 && number & (number - 1) == 0
        return isPower && number > 1 << 24 ? "2^\(number.trailingZeroBitCount)" : "\(number)"
    }
}
