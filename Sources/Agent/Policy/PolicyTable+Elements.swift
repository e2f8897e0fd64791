import Addresses
import Nftables
import Policies

/// Elements that others take out of the table's sets, or put into them.
///
/// The kernel tells how many elements a set has only by telling of each, and others change tables of theirs every second,
/// as a proxy does. So sets are counted, not compared, some at a time, and no round begins soon after another.
extension PolicyTable {
    /// Elements after which a look ends.
    private static let glance = 10_000
    /// Nanoseconds from the begin of a round to that of the next.
    private static let rest: UInt64 = 30_000_000_000

    /// Counts some of the sets, if somebody else has changed anything.
    ///
    /// What is wrong with a set that is always there leaves ``isInDoubt``; sets of ranges are mended here. Nothing that is
    /// wanted may wait to be committed.
    mutating func countElements(now: UInt64) throws(NftError) {
        // What an earlier agent left is not known yet, or all is about to be compared.
        guard leftovers == nil, !isInDoubt else { return }
        if isMiscounted, now >= nextCount {
            isMiscounted = false
            nextCount = now + Self.rest
            uncounted = Set(PolicyObjects.all.map(\.name)).union(ranges)
        }
        guard !uncounted.isEmpty else { return }
        let wanted = elementCounts
        var mending: [NftOperation] = []
        var seen = 0
        while seen < Self.glance, let name = uncounted.popFirst() {
            // It may have gone meanwhile.
            guard let count = wanted[name] else { continue }
            let held = try kernel.elementCount(of: name)
            seen += max(held, count)
            guard held < count || held > count && !holdsMore else { continue }
            if let set = policies.allRanges.first(where: { $0.name == name }) {
                // nft flush set inet romana block-HASH; nft add element inet romana block-HASH { ... }
                mending += [.flushSet(name)] + Self.operations(set).dropFirst()
            } else {
                isInDoubt = true
            }
        }
        guard !mending.isEmpty else { return }
        counters.mended += 1
        try transact(mending)
    }

    /// How many elements each set is to have, by its name.
    private var elementCounts: [String: Int] {
        var counts: [String: Int] = [:]
        let links = Set(pods.values.flatMap(\.links))
        let addresses = Set(pods.values.flatMap(\.addresses))
        let ports = policies.allPorts
        for family in AddressFamily.allCases {
            for direction in NetworkPolicy.Direction.allCases {
                counts[PolicyObjects.entries(direction, family).name] = entries.keys.count {
                    $0.direction == direction && $0.address.family == family
                }
            }
            counts[PolicyObjects.members(family).name] = policies.memberCount(family)
            counts[PolicyObjects.ports(family).name] = ports.count { $0.address.family == family }
            counts[PolicyObjects.links(family).name] = links.count { $0.address.family == family }
            counts[PolicyObjects.own(family).name] = addresses.count { $0.family == family }
            for set in [PolicyObjects.mappedPorts(family), PolicyObjects.mappedAddresses(family)] {
                counts[set.name] = mappedPorts.keys.count { $0.set.name == set.name }
            }
        }
        for (set, elements) in networkElements { counts[set.name] = elements.count }
        for set in policies.allRanges where ranges.contains(set.name) {
            counts[set.name] = Self.elements(set.ranges).count
        }
        return counts
    }
}
