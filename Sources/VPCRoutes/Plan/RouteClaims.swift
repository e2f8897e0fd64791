import Addresses

/// Which routes of one family in a table are ours.
///
/// Those on record are, as long as they lead where we had them lead, or to another of our hosts. So are those at our
/// prefixes that lead to one of our hosts, though nothing is on record of them: whoever made them, and be it us before
/// etcd was lost, made them for the pods that we make ours for. And so are those whose interface does not exist any more,
/// which can be of no use to anybody. Whatever leads elsewhere is somebody else's.
struct RouteClaims {
    private let table: VPCTable
    private let family: AddressFamily
    private let situation: VPCPlan.Situation
    private let hosts: [String: String]
    /// Our routes.
    private(set) var own: [IPPrefix: TableRoute] = [:]
    /// Those of them that nothing is on record of.
    private(set) var unrecorded: Set<IPPrefix> = []

    /// Those on record alone.
    init(_ table: VPCTable, _ family: AddressFamily, _ situation: VPCPlan.Situation) {
        self.table = table
        self.family = family
        self.situation = situation
        hosts = Dictionary(situation.targets.map { ($0.value.interface, $0.key) }, uniquingKeysWith: { min($0, $1) })
        for (prefix, route) in table.routes where prefix.family == family && !situation.ignores(prefix) {
            guard let record = situation.own[RouteKey(table.id, prefix)], case .interface(let id) = route.target else {
                continue
            }
            let isOurs = id == record.interface || id == record.former || hosts[id] != nil
            // Of a target that is gone the cloud does not always say what it was.
            if isOurs || (id.isEmpty && route.isBlackHole) { own[prefix] = route }
        }
    }

    /// The host that a route leads to, if it is one of ours.
    func host(of route: TableRoute) -> String? {
        if case .interface(let id) = route.target { hosts[id] } else { nil }
    }

    /// Takes in what is ours for being where our routes are to be.
    mutating func claim(_ places: some Sequence<IPPrefix>) {
        for prefix in places where own[prefix] == nil && !situation.ignores(prefix) {
            guard let route = table.routes[prefix], prefix.family == family else { continue }
            guard case .interface(let id) = route.target, hosts[id] != nil || isGone(route, id) else { continue }
            own[prefix] = route
            if situation.own[RouteKey(table.id, prefix)] == nil { unrecorded.insert(prefix) }
        }
    }

    /// Places of routes to our hosts that may be folds of destinations, made when they were on record.
    func folds(of destinations: some Collection<Destination>) -> Set<IPPrefix> {
        Set(
            table.routes.values.filter { route in
                let prefix = route.prefix
                guard prefix.family == family, own[prefix] == nil, host(of: route) != nil else { return false }
                guard !situation.ignores(prefix) else { return false }
                return destinations.contains {
                    prefix.contains($0.prefix) && situation.bounds[$0.network]?.contains(prefix) ?? false
                }
            }.map(\.prefix))
    }

    private func isGone(_ route: TableRoute, _ id: String) -> Bool { route.isBlackHole && situation.gone.contains(id) }
}
