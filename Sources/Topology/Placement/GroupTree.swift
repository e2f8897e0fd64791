public import Addresses

/// The tree of groups of one network, with the addresses of each group.
///
/// A list of n groups cuts the addresses around it into the next power of two of equal parts, given out in order. Parts
/// beyond the n-th are kept free: they are no groups, so no host is ever placed in them.
public struct GroupTree: Sendable {
    /// The network that is cut.
    public let network: Network
    /// The groups on top, in the document's order; a single one has the addresses of the whole network.
    public let groups: [PrefixGroup]
    /// The groups that hosts can be placed in, dummies included, in the document's order, which is that of addresses.
    public let leaves: [PrefixGroup]
    /// The place of each leaf in ``leaves``, by its path.
    private let indices: [String: Int]

    /// Cuts a network along a tree; `field` is the path of the tree in its document, for errors.
    ///
    /// Throws everything that is wrong as one error.
    public init(_ network: Network, _ groups: [TopologyGroup], field: String = "map") throws(TopologyError) {
        self.network = network
        var problems: [TopologyError] = []
        self.groups = PrefixGroup.cut(groups, network.cidr, within: Surroundings(network, field: field), &problems)
        leaves = self.groups.flatMap(\.leaves)
        for leaf in leaves where !leaf.isDummy && leaf.cidr.length > network.blockMask {
            problems.append(
                TopologyError(
                    field: leaf.field,
                    problem: "group \(leaf.path) would have \(leaf.cidr) of network \(network.name), "
                        + "which is smaller than a block (block_mask \(network.blockMask))"))
        }
        indices = Dictionary(
            leaves.enumerated().map { ($0.element.path, $0.offset) }, uniquingKeysWith: { first, _ in first })
        if let error = TopologyError(problems) { throw error }
    }

    /// The leaf of a path; nil when there is none.
    public func leaf(_ path: String) -> PrefixGroup? { indices[path].map { leaves[$0] } }

    /// The leaf that all of `prefix` is part of; nil when there is none.
    public func leaf(containing prefix: IPPrefix) -> PrefixGroup? {
        // Leaves lie in order and apart: only the last that starts at or before the prefix can contain it.
        var (low, high) = (0, leaves.count)
        while low < high {
            let middle = (low + high) / 2
            if leaves[middle].cidr.address <= prefix.address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, leaves[low - 1].cidr.contains(prefix) else { return nil }
        return leaves[low - 1]
    }

    /// The leaves that share addresses with `prefix`.
    func leaves(overlapping prefix: IPPrefix) -> [PrefixGroup] {
        leaf(containing: prefix).map { [$0] } ?? leaves.filter { $0.cidr.overlaps(prefix) }
    }

    /// The groups around a leaf, the nearest first, without the leaf itself.
    func groups(around leaf: PrefixGroup) -> [PrefixGroup] {
        var around: [PrefixGroup] = []
        var list = groups
        while let next = list.first(where: { $0.cidr.contains(leaf.cidr) }), !next.groups.isEmpty {
            around.insert(next, at: 0)
            list = next.groups
        }
        return around
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

extension GroupTree: Equatable {
    /// Trees are equal when network and groups are.
    public static func == (left: GroupTree, right: GroupTree) -> Bool {
        left.network == right.network && left.groups == right.groups
    }
}
