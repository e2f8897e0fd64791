public import Addresses
internal import Crypto

/// Addresses as ranges that neither overlap nor touch; two with the same content have the same name.
public struct RangeSet: Hashable, Sendable {
    /// The ranges, in order.
    public let ranges: [AddressRange]
    /// The family of all of them.
    public let family: AddressFamily
    /// `block-` and 16 hexadecimal digits of a hash of the content.
    public let name: String

    /// The addresses of all blocks, each less its own exceptions; nil when none is left.
    init?(_ blocks: [(block: IPPrefix, except: [IPPrefix])], _ family: AddressFamily) {
        var parts: [AddressRange] = []
        for (block, except) in blocks where block.family == family {
            parts += Self.remainder(of: block, except)
        }
        parts.sort { $0.first < $1.first }
        var merged: [AddressRange] = []
        for part in parts {
            guard let last = merged.last, last.last.advanced(by: 1).map({ part.first <= $0 }) ?? true else {
                merged.append(part)
                continue
            }
            if let wider = AddressRange(first: last.first, last: max(last.last, part.last)) {
                merged[merged.count - 1] = wider
            }
        }
        guard !merged.isEmpty else { return nil }
        ranges = merged
        self.family = family
        var hash = SHA256()
        for range in merged { hash.update(data: Array("\(range.first)-\(range.last) ".utf8)) }
        name = "block-" + hash.finalize().prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether an address is in one of the ranges.
    public func contains(_ address: IPAddress) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < address { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(address)
    }

    private static func remainder(of block: IPPrefix, _ except: [IPPrefix]) -> [AddressRange] {
        let holes = except.filter { $0.family == block.family }.map { AddressRange($0) }.sorted { $0.first < $1.first }
        var parts: [AddressRange] = []
        var start: IPAddress? = block.first
        for hole in holes {
            guard let from = start else { break }
            guard hole.last >= from, hole.first <= block.last else { continue }
            if hole.first > from, let before = IPAddress(family: block.family, value: hole.first.value - 1),
                let part = AddressRange(first: from, last: before)
            {
                parts.append(part)
            }
            start = hole.last.advanced(by: 1)
        }
        if let start, let part = AddressRange(first: start, last: block.last) { parts.append(part) }
        return parts
    }
}

extension RangeSet {
    /// The addresses of all prefixes of a family; nil when there is none.
    public init?(prefixes: [IPPrefix], _ family: AddressFamily) {
        self.init(prefixes.map { ($0, []) }, family)
    }
}
