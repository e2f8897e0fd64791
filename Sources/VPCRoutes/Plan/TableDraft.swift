import Addresses

/// What is to become of one family's routes in one table.
struct TableDraft {
    let table: VPCTable
    let situation: VPCPlan.Situation
    /// Where routes are to lead, by prefix, after what the table has no room for is folded or left out.
    let wanted: [(prefix: IPPrefix, destination: Destination)]
    private let family: AddressFamily
    private let claims: RouteClaims
    private let out: [IPPrefix]
    private let occupied: [(prefix: IPPrefix, target: String)]

    init(_ table: VPCTable, _ family: AddressFamily, _ situation: VPCPlan.Situation) {
        self.table = table
        self.family = family
        self.situation = situation
        let byPrefix = Dictionary(
            situation.destinations.lazy.filter { $0.prefix.family == family && !situation.ignores($0.prefix) }
                .map { ($0.prefix, $0) }, uniquingKeysWith: { $1 })
        var claims = RouteClaims(table, family, situation)
        claims.claim(byPrefix.keys)
        // Taken for ours as long as they are what we would make.
        var folds = claims.folds(of: byPrefix.values)
        var isSettled: Bool
        var occupied: [(prefix: IPPrefix, target: String)]
        var folding: DestinationFolding
        repeat {
            let own = folds.union(claims.own.keys)
            let foreign = table.routes.values.filter { $0.prefix.family == family && !own.contains($0.prefix) }
            occupied = foreign.filter { byPrefix[$0.prefix] != nil }.map { ($0.prefix, $0.target.text) }
            let taken = Set(occupied.map(\.prefix))
            let room = situation.limit(of: table.id) - foreign.count { !$0.isPropagated }
            folding = DestinationFolding(
                byPrefix.values.filter { !taken.contains($0.prefix) }, room: room, bounds: situation.bounds,
                isRouted: { own.contains($0) })
            let kept = Set(folding.kept.map(\.prefix))
            isSettled = folds.isSubset(of: kept)
            folds.formIntersection(kept)
        } while !isSettled
        claims.claim(folds)
        // A fold whose place somebody else has taken is as good as out.
        wanted = folding.kept.filter { claims.own[$0.prefix] != nil || table.routes[$0.prefix] == nil }
            .map { ($0.prefix, $0) }
        out = folding.out.map(\.prefix)
        self.occupied = occupied.sorted { $0.prefix < $1.prefix }
        self.claims = claims
    }

    /// The host that a route leads to, if it is ours and may stay.
    private func present(_ prefix: IPPrefix, _ destination: Destination) -> (host: String, mayStay: Bool)? {
        guard let route = claims.own[prefix], case .interface(let id) = route.target else { return nil }
        guard let host = destination.hosts.first(where: { situation.targets[$0]?.interface == id }) else { return nil }
        return (host, !route.isBlackHole && situation.standing(host, family).grade.mayStay)
    }

    /// Counts the routes that stay as they are.
    func countStaying(_ choice: inout TargetChoice) {
        for (prefix, destination) in wanted {
            if let present = present(prefix, destination), present.mayStay { choice.count(present.host) }
        }
    }

    /// What there is to do, with targets chosen for what does not stay.
    func settle(
        _ choice: inout TargetChoice
    ) -> (steps: [RouteStep], entries: [VPCPlan.Entry], findings: [RouteFinding]) {
        var replacements: [RouteStep] = []
        var creations: [RouteStep] = []
        var records: [RouteStep] = []
        var entries: [VPCPlan.Entry] = []
        var findings = occupied.map { RouteFinding.occupied(RouteKey(table.id, $0.prefix), target: $0.target) }
        for (prefix, destination) in wanted {
            let key = RouteKey(table.id, prefix)
            let present = present(prefix, destination)
            if let present, present.mayStay {
                if let step = record(key, present.host, destination) { records.append(step) }
                entries.append(VPCPlan.Entry(key: key, host: present.host, destination: destination))
                continue
            }
            guard let host = choice.choose(destination, for: table), let target = situation.targets[host] else {
                let hasTarget = destination.hosts.contains { situation.targets[$0] != nil }
                findings.append(
                    hasTarget
                        ? .noHealthyHost(prefix, purpose: destination.text)
                        : .noTarget(prefix, purpose: destination.text))
                entries.append(VPCPlan.Entry(key: key, host: nil, destination: destination))
                continue
            }
            choice.count(host)
            entries.append(VPCPlan.Entry(key: key, host: host, destination: destination))
            let step = RouteStep(
                claims.own[prefix] == nil ? .create : .replace, key, host: host, target: target,
                former: claims.own[prefix].map(\.target.text), reason: reason(prefix, present?.host),
                purpose: destination.text)
            if claims.own[prefix] == nil { creations.append(step) } else { replacements.append(step) }
        }
        if !out.isEmpty {
            findings.append(.full(table: table.id, limit: situation.limit(of: table.id), prefixes: out))
        }
        let deletions = deletions()
        // Nothing is changed that is not on record.
        records += deletions.compactMap { taking($0.key) }
        let steps = records + replacements + Self.woven(creations, deletions, free: free) + forgotten()
        return (steps, entries, findings)
    }

    /// How many routes fit beside those that are there.
    private var free: Int { max(situation.limit(of: table.id) - table.count(family), 0) }

    private func deletions() -> [RouteStep] {
        let kept = Set(wanted.map(\.prefix))
        return claims.own.keys.filter { !kept.contains($0) }.sorted().map { prefix in
            let isFolded = wanted.contains { $0.destination.kind == .folded && $0.prefix.contains(prefix) }
            return RouteStep(
                .delete, RouteKey(table.id, prefix), former: claims.own[prefix]?.target.text,
                reason: isFolded ? "a wider route has taken its place" : "nothing needs it any more")
        }
    }

    /// The record of a route that is about to go, if there is none.
    private func taking(_ key: RouteKey) -> RouteStep? {
        guard claims.unrecorded.contains(key.prefix), let route = claims.own[key.prefix] else { return nil }
        let target = route.target.text
        return RouteStep(
            .adopt, key, host: claims.host(of: route) ?? target, target: HostTarget(interface: target),
            reason: "it was there already")
    }

    /// Records without a route that is ours; what is about to be made keeps its own.
    private func forgotten() -> [RouteStep] {
        let kept = Set(wanted.map(\.prefix))
        return situation.own.keys.filter { key in
            key.table == table.id && key.prefix.family == family && claims.own[key.prefix] == nil
                && (table.routes[key.prefix] != nil || !kept.contains(key.prefix))
        }.sorted().map { key in
            RouteStep(
                .forget, key,
                reason: situation.ignores(key.prefix)
                    ? "it is to be ignored"
                    : table.routes[key.prefix] == nil ? "it is gone" : "it is somebody else's by now")
        }
    }

    /// The record of a route that stays, if it does not say what is there.
    private func record(_ key: RouteKey, _ host: String, _ destination: Destination) -> RouteStep? {
        let record = situation.own[key]
        guard let target = situation.targets[host] else { return nil }
        if let record, record.host == host, record.interface == target.interface, record.former == nil { return nil }
        let reason = record.map { $0.interface == target.interface ? $0.reason : "somebody else changed it" }
        return RouteStep(
            .adopt, key, host: host, target: target, reason: reason ?? "it was there already", purpose: destination.text
        )
    }

    private func reason(_ prefix: IPPrefix, _ former: String?) -> String {
        guard let route = claims.own[prefix] else {
            return situation.own[RouteKey(table.id, prefix)] == nil ? "there was none" : "it was gone"
        }
        if let former {
            let standing = situation.standing(former, family)
            if standing.grade == .down { return "\(former): \(standing.reason)" }
        }
        if route.isBlackHole { return "its target was gone" }
        if let record = situation.own[RouteKey(table.id, prefix)] { return "\(record.host) does not take it any more" }
        return "\(claims.host(of: route) ?? route.target.text) does not take it"
    }

    /// Creations before deletions, as far as there is room for both.
    private static func woven(_ creations: [RouteStep], _ deletions: [RouteStep], free: Int) -> [RouteStep] {
        var steps: [RouteStep] = []
        var free = free
        var deletions = deletions[...]
        for creation in creations {
            if free == 0, let deletion = deletions.popFirst() {
                steps.append(deletion)
                free += 1
            }
            steps.append(creation)
            free = max(free - 1, 0)
        }
        return steps + deletions
    }
}
