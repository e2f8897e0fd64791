public import Addresses

/// Which blocks are taken, of any networks and lengths, so that a free one is found at a cost that does not grow with
/// the number taken.
///
/// A binary tree over the bits of addresses holds the taken prefixes; each node knows the widest prefix below it of
/// which nothing is taken, and how many are taken. Taking, releasing and finding walk one way down the tree. What is
/// taken several times is free again when it was released as often, so that a block can be taken by a request and by
/// its record.
public struct BlockSpace: Sendable {
    private var v4 = PrefixTrie(bits: 32)
    private var v6 = PrefixTrie(bits: 128)

    /// A space in which `prefixes` are taken.
    public init(_ prefixes: some Sequence<IPPrefix> = []) {
        for prefix in prefixes { take(prefix) }
    }

    /// Takes a prefix, which may overlap others.
    public mutating func take(_ prefix: IPPrefix) { self[prefix.family].insert(prefix.address.value, prefix.length) }

    /// Ends one taking of a prefix; false when it was not.
    @discardableResult
    public mutating func release(_ prefix: IPPrefix) -> Bool {
        self[prefix.family].remove(prefix.address.value, prefix.length)
    }

    /// Whether just this prefix is taken.
    public func contains(_ prefix: IPPrefix) -> Bool {
        self[prefix.family].contains(prefix.address.value, prefix.length)
    }

    /// Whether something taken shares addresses with `prefix`.
    public func overlaps(_ prefix: IPPrefix) -> Bool {
        self[prefix.family].overlaps(prefix.address.value, prefix.length)
    }

    /// How many prefixes inside `prefix` are taken, itself included; one that is taken twice counts twice.
    public func count(in prefix: IPPrefix) -> Int { self[prefix.family].count(prefix.address.value, prefix.length) }

    /// Whether `group` has a block of `network` that can be given to a host.
    public func hasRoom(in group: IPPrefix, of network: Network) -> Bool {
        guard network.blackouts.isEmpty else { return !free(1, in: group, of: network).isEmpty }
        return network.cidr.contains(group)
            && self[group.family].hasFree(group.address.value, group.length, wanted: network.blockMask)
    }

    /// The lowest blocks of `network` in `group` that can be given to a host, or the highest; fewer when there are
    /// fewer.
    ///
    /// Blocks that are blacked out as a whole are left out; those that are in part are given, and the node leaves out
    /// the addresses.
    public func free(_ count: Int, in group: IPPrefix, of network: Network, highestFirst: Bool = false) -> [IPPrefix] {
        guard network.cidr.contains(group), group.length <= network.blockMask else { return [] }
        let blackouts = network.blackouts.isEmpty ? [] : IPPrefix.aggregate(network.blackouts)
        let walk = PrefixTrie.Walk(
            length: network.blockMask, count: count, highestFirst: highestFirst,
            // What is shorter than a block takes no block away.
            avoided: blackouts.filter { $0.overlaps(group) && $0.length <= network.blockMask }
                .map { ($0.address.value, $0.length) })
        return self[group.family].free(group.address.value, group.length, walk).compactMap { value in
            IPAddress(family: group.family, value: value).flatMap { IPPrefix($0, length: network.blockMask) }
        }
    }

    private subscript(family: AddressFamily) -> PrefixTrie {
        get {
            switch family {
            case .ipv4: v4
            case .ipv6: v6
            }
        }
        _modify {
            switch family {
            case .ipv4: yield &v4
            case .ipv6: yield &v6
            }
        }
    }
}
