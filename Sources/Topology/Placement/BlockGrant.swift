public import Addresses

/// The blocks that a host gets: the lowest free ones of its group, and of another group only when its own is full.
///
/// A route for a group is a route to its hosts, so a block in another group (a spill) costs every reader of routes one
/// more. The group to spill into is looked for in the nearest group around the host's own that has room, then in the
/// one around that, up to the network. Of several the one comes first whose routes suffer least: where the host has
/// spilled to before; then the one with the fewest hosts; of those without any, one that blocks were spilled into
/// before; then the first in the document. Spilled blocks are taken from the end of the group, where its own hosts come
/// last.
public struct BlockGrant: Sendable, Hashable {
    /// The blocks, fewer than were asked for when there are fewer; none when the whole network is full.
    public let blocks: [IPPrefix]
    /// The group that they are part of.
    public let group: HostGroup
    /// The group of the host itself.
    public let home: HostGroup
    /// Whether the host's own group could not give all that was asked for.
    public let isHomeFull: Bool

    /// Whether the blocks are part of another group than the host's, as that was full.
    public var isSpilled: Bool { group != home }

    /// Chooses blocks for a host.
    ///
    /// - Parameters:
    ///   - network: the name of the network they are wanted of.
    ///   - home: the host's place in it.
    ///   - held: the blocks that the host has already, of any network.
    ///   - taken: everything that is taken, `held` included.
    ///   - placement: who is in which group of the document.
    /// - Throws: when the document has no such network, or the network no such group.
    public init(
        _ count: Int, of network: String, home: HostGroup, held: some Sequence<IPPrefix>, taken: BlockSpace,
        placement: Placement
    ) throws(TopologyError) {
        guard let tree = placement.document.tree(of: network) else {
            throw TopologyError(
                field: "network \(network)", problem: "there is no such network, or no host takes part in it")
        }
        guard let leaf = tree.leaf(home.path), leaf.cidr == home.cidr else {
            throw TopologyError(
                field: "network \(network)", problem: "its group \(home.path) (\(home.cidr)) is not part of it any more"
            )
        }
        let own = taken.free(count, in: leaf.cidr, of: tree.network)
        self.home = home
        isHomeFull = own.count < count
        guard own.isEmpty, count > 0, let other = Self.refuge(from: leaf, of: tree, held: held, taken, placement) else {
            blocks = own
            group = home
            return
        }
        blocks = taken.free(count, in: other.cidr, of: tree.network, highestFirst: true)
        group = other.place
    }

    /// The group to spill into; nil when the network is full.
    private static func refuge(
        from leaf: PrefixGroup, of tree: GroupTree, held: some Sequence<IPPrefix>, _ taken: BlockSpace,
        _ placement: Placement
    ) -> PrefixGroup? {
        let strayed = Set(held.compactMap { tree.leaf(containing: $0).flatMap { tree.index(of: $0.path) } })
        let residents = placement.residents(of: tree.network.name)
        func isOpen(_ index: Int) -> Bool {
            !tree.leaves[index].isDummy && taken.hasRoom(in: tree.leaves[index].cidr, of: tree.network)
        }
        for list in tree.lists(around: leaf) where taken.hasRoom(in: list, of: tree.network) {
            let range = tree.leaves(overlapping: list)
            let known = strayed.filter { range.contains($0) && isOpen($0) }
            if let best = known.min(by: { (residents[$0].count, $0) < (residents[$1].count, $1) }) {
                return tree.leaves[best]
            }
            var best: (index: Int, cost: (Int, Int))?
            for index in range {
                let hosts = residents[index].count
                // What cannot be better is not looked at further: a tree may have thousands of leaves.
                if let best, (hosts, 0) >= best.cost { continue }
                guard isOpen(index) else { continue }
                let isUntouched = hosts == 0 && taken.count(in: tree.leaves[index].cidr) == 0
                let cost = (hosts, isUntouched ? 1 : 0)
                if best.map({ cost < $0.cost }) ?? true { best = (index, cost) }
            }
            if let best { return tree.leaves[best.index] }
        }
        return nil
    }
}
