public import Addresses

/// Prefixes that are taken, found by what overlaps them.
///
/// Blocks of one length, which is the rule, are found by one look; after a change of block sizes, by one look for each
/// shorter length and a walk over the longer ones.
public struct PrefixIndex: Sendable, Equatable {
    private var byLength: [Int: Set<IPPrefix>] = [:]

    /// An index of `prefixes`.
    public init(_ prefixes: some Sequence<IPPrefix> = []) {
        for prefix in prefixes { insert(prefix) }
    }

    /// Adds a prefix.
    public mutating func insert(_ prefix: IPPrefix) {
        byLength[prefix.length, default: []].insert(prefix)
    }

    /// Removes a prefix; others that overlap it stay.
    public mutating func remove(_ prefix: IPPrefix) {
        byLength[prefix.length]?.remove(prefix)
        if byLength[prefix.length]?.isEmpty == true { byLength[prefix.length] = nil }
    }

    /// Whether just this prefix is in it.
    public func contains(_ prefix: IPPrefix) -> Bool { byLength[prefix.length]?.contains(prefix) ?? false }

    /// A prefix in it that shares addresses with `prefix`, the widest if there are several; nil when there is none.
    public func overlapping(_ prefix: IPPrefix) -> IPPrefix? {
        if byLength.count == 1, let (length, only) = byLength.first, length == prefix.length {
            return only.contains(prefix) ? prefix : nil
        }
        for (length, prefixes) in byLength.sorted(by: { $0.key < $1.key }) {
            if length <= prefix.length {
                if let around = IPPrefix(prefix.address, length: length), prefixes.contains(around) { return around }
            } else if let inside = prefixes.first(where: { prefix.contains($0) }) {
                return inside
            }
        }
        return nil
    }
}
