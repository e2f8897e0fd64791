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
        let index = firstLeaf { $0.address > prefix.address } - 1
        return index >= 0 && leaves[index].cidr.contains(prefix) ? leaves[index] : nil
    }

    /// The place of a leaf in ``leaves`` by its path; nil when there is none.
    func index(of path: String) -> Int? { indices[path] }

    /// The places in ``leaves`` of those that share addresses with `prefix`.
    func leaves(overlapping prefix: IPPrefix) -> Range<Int> {
        let end = firstLeaf { $0.address > prefix.last }
        return min(firstLeaf { $0.last >= prefix.address }, end)..<end
    }

    /// The lists of groups that a leaf is part of by the addresses that each cuts, the nearest first.
    func lists(around leaf: PrefixGroup) -> [IPPrefix] {
        var lists = [network.cidr]
        var next = groups.first { $0.cidr.contains(leaf.cidr) }
        while let group = next, !group.groups.isEmpty {
            lists.append(group.cidr)
            next = group.groups.first { $0.cidr.contains(leaf.cidr) }
        }
        return lists.reversed()
    }

    /// The first leaf whose addresses pass a test that, once passed, all later ones pass.
    private func firstLeaf(_ isPassed: (IPPrefix) -> Bool) -> Int {
        var (low, high) = (0, leaves.count)
        while low < high {
            let middle = (low + high) / 2
            if isPassed(leaves[middle].cidr) { high = middle } else { low = middle + 1 }
        }
        return low
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
