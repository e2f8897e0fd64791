import Addresses
import Deltas
import LinuxSystem
import Netlink

/// The node's routing table: what is wanted in it, what the kernel holds, and what is still to be done.
///
/// What it copes with:
/// - *A next hop that is not on a link of the node* is left to the fabric (a VPC router, BGP), unless multihop is on;
///   it is looked at again whenever the node's own addresses change. Where the node's own group would be unreachable,
///   such a route says so (`throw`), so that the tables after ours are asked.
/// - *Routes of pods* are written by the pod path itself and only recorded here, so that an audit restores them too.
/// - *A restart:* nothing is removed before every source has given its first full list, and no group is unreachable
///   before that, since it is not known yet what the fabric reaches within it.
/// - *Thousands of routes at once* are written in slices, so that a pod never waits behind all of them.
struct RouteTable {
    /// Prefixes on the node's own links, by which a next hop is judged.
    private(set) var connected: [IPPrefix] = []
    /// Whether every source has given its first full list, so that routes that nothing wants may be removed.
    var maySweep = false {
        didSet { refreshOwn() }
    }

    private let table: UInt32
    private let multihop: Bool
    private var remotes: [IPPrefix: RemoteRoute] = [:]
    private var own = OwnPrefixes()
    /// What leads nowhere but to pods, and what is left to the tables after ours within that.
    private var unreachable: Set<IPPrefix> = []
    private var exempt: Set<IPPrefix> = []
    private var delta = Delta<IPPrefix, Route>()
    private var refusals: [IPPrefix: String] = [:]

    init(table: UInt32, multihop: Bool) {
        self.table = table
        self.multihop = multihop
    }

    /// Takes in what changed in the plan.
    mutating func take(_ change: RoutePlan.Change) {
        for prefix in change.removed {
            remotes[prefix] = nil
            refresh(prefix)
        }
        for route in change.updated {
            remotes[route.prefix] = route
            refresh(route.prefix)
        }
        guard let prefixes = change.own else { return }
        own = prefixes
        refreshOwn()
    }

    /// Takes in the prefixes on the node's links.
    mutating func setConnected(_ prefixes: [IPPrefix]) {
        guard prefixes != connected else { return }
        connected = prefixes
        refreshOwn()
        for prefix in remotes.keys { refresh(prefix) }
    }

    /// Records a route that the pod path wrote, or (nil) that went with its link.
    mutating func recordPod(_ address: IPAddress, _ route: Route?) {
        let prefix = address.hostPrefix
        if let route {
            delta.want(prefix, route)
            delta.saw(prefix, route)
        } else {
            delta.unwant(prefix)
            delta.saw(prefix, nil)
        }
    }

    /// A pod's route that should be there and may not be.
    mutating func wantPod(_ address: IPAddress, _ route: Route) {
        delta.want(address.hostPrefix, route)
    }

    /// Takes in what the kernel holds in our table under our protocol.
    mutating func sawExactly(_ routes: [Route]) {
        var held: [IPPrefix: Route] = [:]
        for route in routes { held[route.destination] = Self.comparable(route) }
        delta.sawExactly(held)
    }

    /// Whether something is left to do that has not been refused before.
    var hasWork: Bool {
        !delta.pendingUpdates.isEmpty || (maySweep && !delta.pendingDeletions.isEmpty)
    }

    /// Changes that the kernel has refused and that will be tried again.
    var refusedCount: Int { refusals.count }

    /// The next slice of operations: deletions first so that a table at a limit finds room, and what is unreachable last,
    /// so that nothing within it is cut off if this agent ends in between.
    func slice(_ limit: Int) -> [(prefix: IPPrefix, operation: NetworkOperation)] {
        var slice: [(prefix: IPPrefix, operation: NetworkOperation)] = []
        if maySweep {
            for prefix in delta.pendingDeletions.prefix(limit) {
                guard let route = delta.observed[prefix] else { continue }
                // ip route delete 10.1.2.0/29 table 10 proto 71
                slice.append((prefix, .deleteRoute(route)))
            }
        }
        for isLast in [false, true] {
            let updates = delta.pendingUpdates.lazy.filter { ($0.value.kind == .unreachable) == isLast }
            for (prefix, route) in updates.prefix(limit - slice.count) {
                // ip route replace 10.1.2.0/29 via 10.0.0.7 table 10 proto 71
                slice.append((prefix, .replaceRoute(route)))
            }
        }
        return slice
    }

    /// Takes in how a slice fared; gives the refusals that are news.
    mutating func settle(
        _ slice: [(prefix: IPPrefix, operation: NetworkOperation)], _ outcome: [NetlinkError?]
    ) -> [NetlinkError] {
        var news: [NetlinkError] = []
        for (step, refusal) in zip(slice, outcome) {
            let isDeletion = if case .deleteRoute = step.operation { true } else { false }
            if let refusal, !(isDeletion && refusal.errno == .ESRCH) {
                if refusals.updateValue("\(refusal)", forKey: step.prefix) != "\(refusal)" { news.append(refusal) }
            } else {
                refusals[step.prefix] = nil
                delta.applied(step.prefix)
            }
        }
        return news
    }

    /// The routes to other nodes and how each fares.
    var states: [NodeReport.RemoteState] {
        remotes.values.sorted { $0.prefix < $1.prefix }.map { remote in
            let state =
                if !isReachable(remote.via) {
                    "left to the fabric"
                } else if let refusal = refusals[remote.prefix] {
                    refusal
                } else {
                    delta.observed[remote.prefix] == delta.desired[remote.prefix] ? "installed" : "pending"
                }
            return NodeReport.RemoteState(
                prefix: remote.prefix, via: remote.via.description, host: remote.host, state: state)
        }
    }

    /// How many routes of ours the kernel holds.
    var installedCount: Int { delta.observed.count }

    private func isReachable(_ address: IPAddress) -> Bool {
        multihop || connected.contains { $0.contains(address) }
    }

    private mutating func refreshOwn() {
        let before = (unreachable, exempt)
        unreachable = own.unreachable(connected: connected, isComplete: maySweep)
        exempt = Set(own.exempt)
        guard before != (unreachable, exempt) else { return }
        for prefix in before.0.symmetricDifference(unreachable).union(before.1.symmetricDifference(exempt)) {
            refresh(prefix)
        }
        for remote in remotes.values where !isReachable(remote.via) { refresh(remote.prefix) }
    }

    private mutating func refresh(_ prefix: IPPrefix) {
        let remote = remotes[prefix]
        if unreachable.contains(prefix) {
            // ip route replace unreachable 10.1.2.0/24 table 10 proto 71
            delta.want(
                prefix,
                Route(
                    destination: prefix, table: table, routeProtocol: Ownership.routeProtocol, kind: .unreachable))
        } else if let remote, isReachable(remote.via) {
            delta.want(
                prefix,
                Route(
                    destination: prefix, gateway: remote.via, interface: nil, table: table,
                    routeProtocol: Ownership.routeProtocol))
        } else if exempt.contains(prefix) || (remote != nil && unreachable.contains { $0.contains(prefix) }) {
            // ip route replace throw 10.1.2.8/29 table 10 proto 71
            delta.want(
                prefix,
                Route(destination: prefix, table: table, routeProtocol: Ownership.routeProtocol, kind: .throw))
        } else {
            delta.unwant(prefix)
        }
        refusals[prefix] = nil
    }

    /// A route as the kernel shows it, reduced to what we set: the kernel adds the interface of a gateway, a scope
    /// and a metric of its own.
    private static func comparable(_ route: Route) -> Route {
        var route = route
        if route.gateway != nil || route.kind != .unicast { route.interface = nil }
        if route.gateway != nil || route.kind != .unicast || route.destination.family == .ipv6 { route.scope = nil }
        route.metric = nil
        route.preferredSource = nil
        route.onlink = false
        return route
    }
}
