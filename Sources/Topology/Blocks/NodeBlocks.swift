public import Addresses

/// The address management of one node: gives addresses from the blocks that the node has, asking nobody.
///
/// Whoever holds addresses is an owner, named by a text that stays the same over restarts. Times are nanoseconds of
/// one clock that never runs backwards. Choosing an address costs time in proportion to the blocks of its tenant and
/// segment, not to their addresses.
public struct NodeBlocks: Sendable {
    /// How long an address stays unused after its release, in nanoseconds, as far as there are others.
    public let cooldown: UInt64
    /// How many wholly idle, untagged blocks the node keeps ahead of need in each network.
    public let spares: Int

    var networks: [Network] = []
    /// The shelves of the networks that name a tenant, by tenant and family, in the document's order.
    var named: [String: [AddressFamily: [Int]]] = [:]
    /// The shelves of the networks for all tenants, by family, in the document's order.
    var open: [AddressFamily: [Int]] = [:]

    /// The blocks; a block keeps its place, so that what is found once is found without a search.
    var slots: [NodeBlock?] = []
    /// The addresses of each block, by slot; apart from the rest, so that a search touches nothing else.
    var pools: [AddressPool] = []
    var slotsByPrefix: [IPPrefix: Int] = [:]
    var shelves: [NetworkShelf] = []
    var shelvesByNetwork: [String: Int] = [:]
    var holdings: [String: [Holding]] = [:]
    var owners: [IPAddress: String] = [:]
    /// Who uses an address whose block is not known.
    var strays: [IPAddress: Tenancy] = [:]
    var counters = BlockStatistics()
    /// The latest time that was passed in.
    var latest: UInt64 = 0

    /// An address of an owner.
    struct Holding: Sendable {
        var address: IPAddress
        /// The slot of the block it is part of; nil while that is not known.
        var slot: Int?
    }

    /// A node without blocks.
    ///
    /// - Parameters:
    ///   - cooldown: in nanoseconds; with 0 the lowest free address is given at once.
    ///   - spares: at least 1.
    public init(cooldown: UInt64, spares: Int = 1) {
        self.cooldown = cooldown
        self.spares = max(spares, 1)
    }

    /// The node's blocks with the tags and counts of now, in order of addresses.
    public var records: [BlockRecord] {
        slots.compactMap(\.?.record).sorted { $0.cidr < $1.cidr }
    }

    /// What an owner has, IPv4 before IPv6; empty for an owner that is not known.
    public func allocations(of owner: String) -> [Allocation] {
        (holdings[owner] ?? []).map(allocation)
    }

    /// How a holding is shown to its owner.
    func allocation(_ holding: Holding) -> Allocation {
        let record = holding.slot.flatMap { slots[$0]?.record }
        return Allocation(
            address: holding.address, block: record?.cidr ?? holding.address.hostPrefix, network: record?.network ?? "")
    }

    /// Who has an address; nil when nobody does.
    public func owner(of address: IPAddress) -> String? { owners[address] }

    /// The node's blocks in numbers.
    public var statistics: BlockStatistics {
        var statistics = counters
        statistics.blocks = slotsByPrefix.count
        statistics.used = owners.count
        statistics.strays = strays.count
        for (block, pool) in zip(slots, pools) {
            if let block, block.tenancy == nil { statistics.untaggedBlocks += 1 }
            statistics.cooling += pool.coolingCount
            statistics.idle += pool.idleCount
        }
        return statistics
    }

    /// The time up to which a released address has cooled down at `now`; nil when none has.
    func cooled(at now: UInt64) -> UInt64? { now >= cooldown ? now - cooldown : nil }
}
