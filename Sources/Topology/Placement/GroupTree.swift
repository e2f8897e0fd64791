import Addresses

/// The tree of groups of one network, with the addresses of each group.
///
/// A list of n groups cuts the addresses around it into the next power of two of equal parts, given out in order. Parts
/// beyond the n-th are kept free: they are no groups, so no host is ever placed in them.
public struct GroupTree: Sendable, Equatable {
    /// The network that is cut.
    public let network: Network
    /// The groups on top, in the document's order; a single one has the addresses of the whole network.
    public let groups: [PrefixGroup]
    /// The groups that hosts can be placed in, dummies included, in the document's order.
    public let leaves: [PrefixGroup]

    /// Cuts a network along a tree; `field` is the path of the tree in its document, for errors.
    public init(_ network: Network, _ groups: [TopologyGroup], field: String = "map") throws(TopologyError) {
        self.network = network
        self.groups = try PrefixGroup.cut(groups, network.cidr, within: Surroundings(network, field: field))
        leaves = self.groups.flatMap(\.leaves)
        for leaf in leaves where !leaf.isDummy && leaf.cidr.length > network.blockMask {
            throw TopologyError(
                field: leaf.field,
                problem: "group \(leaf.path) would have \(leaf.cidr) of network \(network.name), "
                    + "which is smaller than a block (block_mask \(network.blockMask))")
        }
    }

    /// The leaf of a path; nil when there is none.
    public func leaf(_ path: String) -> PrefixGroup? {
        leaves.first { $0.path == path }
    }

    /// What the groups of one list share.
    struct Surroundings {
        var network: Network
        /// The path of the list in the document.
        var field: String
        /// The names on the way down.
        var path: [String] = []
        /// Labels asked for on the way down.
        var assignment: [[String: String]] = []
        var isDummy = false

        init(_ network: Network, field: String) {
            self.network = network
            self.field = field
        }
    }
}
