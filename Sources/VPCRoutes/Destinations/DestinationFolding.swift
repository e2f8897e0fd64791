public import Addresses

/// Makes fewer routes of many, where a table has no room for all of them.
public struct DestinationFolding: Sendable {
    /// What the table is to have routes to.
    public private(set) var kept: [Destination]
    /// What there is no room for.
    public private(set) var out: [Destination] = []

    /// Folds destinations of one family until they fit.
    ///
    /// Those that hosts of one subnet deliver to are put together, the nearest first: whatever host takes it sends it on
    /// to the others. What then is still too much is left out: first what the table has no route to yet, then blocks,
    /// then narrow prefixes.
    ///
    /// - Parameters:
    ///   - destinations: all of them.
    ///   - room: how many routes fit.
    ///   - bounds: the addresses of each network, by its name: a route for two may cover what lies between them there.
    ///   - isRouted: whether the table has a route to a prefix.
    public init(
        _ destinations: [Destination], room: Int, bounds: [String: IPPrefix] = [:],
        isRouted: (IPPrefix) -> Bool = { _ in false }
    ) {
        kept = destinations.sorted { $0.prefix < $1.prefix }
        while kept.count > max(room, 0), let fold = Self.best(kept, bounds) {
            kept[fold.into] = fold.result
            kept.remove(at: fold.from)
            kept.sort { $0.prefix < $1.prefix }
        }
        guard kept.count > max(room, 0) else { return }
        let ranked = kept.map { ($0, isRouted($0.prefix)) }.sorted { left, right in
            if left.1 != right.1 { return left.1 }
            if (left.0.kind == .blocks) != (right.0.kind == .blocks) { return right.0.kind == .blocks }
            if left.0.prefix.length != right.0.prefix.length { return left.0.prefix.length < right.0.prefix.length }
            return left.0.prefix < right.0.prefix
        }
        kept = ranked.prefix(max(room, 0)).map(\.0).sorted { $0.prefix < $1.prefix }
        out = ranked.dropFirst(max(room, 0)).map(\.0).sorted { $0.prefix < $1.prefix }
    }

    private struct Fold {
        var into: Int
        var from: Int
        var result: Destination
        /// How far it reaches beyond what it stands for: less is better, then narrow ones first.
        var waste: UInt128
    }

    /// The fold that covers least that was not covered before.
    private static func best(_ all: [Destination], _ bounds: [String: IPPrefix]) -> Fold? {
        var best: Fold?
        for (index, left) in all.enumerated() {
            guard let subnet = left.subnet else { continue }
            // The next one that its own hosts can deliver to; what lies between keeps its narrower route.
            for other in (index + 1)..<max(all.count, index + 1) {
                let right = all[other]
                guard right.network == left.network, right.prefix.family == left.prefix.family else { continue }
                guard right.subnet == subnet else { continue }
                if let fold = fold(index, left, other, right, bounds[left.network]), isFaithful(fold, all),
                    best.map({ (fold.waste, $0.result.prefix.length) < ($0.waste, fold.result.prefix.length) }) ?? true
                {
                    best = fold
                }
                break
            }
        }
        return best
    }

    /// Whether no address comes to another subnet by it, as it would by a route that lies between the old and the new.
    private static func isFaithful(_ fold: Fold, _ all: [Destination]) -> Bool {
        let cover = fold.result.prefix
        return all.indices.allSatisfy { index in
            let prefix = all[index].prefix
            guard index != fold.into, index != fold.from else { return true }
            if prefix == cover || (fold.waste > 0 && prefix.contains(cover)) { return false }
            return !cover.contains(prefix)
                || !(prefix.contains(all[fold.into].prefix) || prefix.contains(all[fold.from].prefix))
        }
    }

    private static func fold(
        _ index: Int, _ left: Destination, _ other: Int, _ right: Destination, _ bound: IPPrefix?
    ) -> Fold? {
        let isInside = left.prefix.contains(right.prefix)
        let cover = left.prefix.cover(with: right.prefix)
        let isWhole = left.prefix.sibling == right.prefix
        guard isInside || isWhole || bound?.contains(cover) ?? false else { return nil }
        let waste = isInside || isWhole ? 0 : cover.count - left.prefix.count - right.prefix.count
        let hosts = isInside ? left.hosts : Array(Set(left.hosts + right.hosts))
        return Fold(
            into: index, from: other,
            result: Destination(
                cover, isInside ? left.kind : .folded, network: left.network, group: isInside ? left.group : "",
                hosts: hosts, subnet: left.subnet), waste: waste)
    }
}

extension IPPrefix {
    /// The narrowest prefix around both, which are of one family.
    func cover(with other: IPPrefix) -> IPPrefix {
        var cover = self
        while !cover.contains(other), let parent = cover.parent { cover = parent }
        return cover
    }
}
