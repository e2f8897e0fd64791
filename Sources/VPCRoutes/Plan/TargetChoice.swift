import Addresses

/// Chooses hosts for routes: the one that is well, near, and has least to carry.
struct TargetChoice {
    private let situation: VPCPlan.Situation
    /// How many routes lead to each host.
    private var load: [String: Int] = [:]

    init(_ situation: VPCPlan.Situation) { self.situation = situation }

    /// Counts a route that leads to a host.
    mutating func count(_ host: String) { load[host, default: 0] += 1 }

    /// The host that a route is to lead to; nil while none is well.
    func choose(_ destination: Destination, for table: VPCTable) -> String? {
        let family = destination.prefix.family
        var best: (host: String, rank: Rank)?
        for host in destination.hosts {
            guard let target = situation.targets[host] else { continue }
            let rank = Rank(
                grade: situation.standing(host, family).grade, isNear: table.zones.contains(target.zone),
                load: load[host] ?? 0, chance: Self.chance(table.id, destination.prefix, host))
            guard rank.grade != .down else { continue }
            if best.map({ $0.rank < rank }) ?? true { best = (host, rank) }
        }
        return best?.host
    }

    private struct Rank: Comparable {
        var grade: HealthGrade
        var isNear: Bool
        var load: Int
        var chance: UInt64

        static func < (left: Rank, right: Rank) -> Bool {
            if left.grade != right.grade { return left.grade < right.grade }
            if left.isNear != right.isNear { return right.isNear }
            if left.load != right.load { return left.load > right.load }
            return left.chance < right.chance
        }
    }

    /// A number that whoever asks gets, and that differs for every table, prefix and host (FNV-1a).
    static func chance(_ table: String, _ prefix: IPPrefix, _ host: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(table) \(prefix) \(host)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // The last bytes reach the low bits only.
        return (hash ^ hash >> 31) &* 0x9e37_79b9_7f4a_7c15
    }
}
