import Addresses
import Topology

/// Which prefix lies at which node, kept up to date from host and block records.
///
/// For every other host it holds the smallest set of prefixes that covers the host's blocks; where the host is
/// alone in its group, the whole group's prefix stands for all of them. Only hosts that a change touches are planned
/// again, so that one change in a cluster of thousands costs what one host costs.
struct RoutePlan: Sendable {
    /// What changed for the reader of the plan.
    struct Change: Sendable, Equatable {
        var updated: [RemoteRoute] = []
        var removed: [IPPrefix] = []
        /// The prefixes that this node answers for itself, when they changed.
        var own: OwnPrefixes?

        var isEmpty: Bool { updated.isEmpty && removed.isEmpty && own == nil }
    }

    private let node: String
    private var hosts: [String: HostRecord] = [:]
    private var blocks: [String: [IPPrefix: BlockRecord]] = [:]
    private var owners: [IPPrefix: String] = [:]
    private var residents: [GroupID: Set<String>] = [:]
    private var planned: [String: [IPPrefix]] = [:]
    private var current: [IPPrefix: RemoteRoute] = [:]
    private var own = OwnPrefixes()
    private var blackouts: [IPPrefix] = []
    private var dirty: Set<String> = []

    /// A leaf group of one network.
    private struct GroupID: Hashable {
        var network: String
        var path: String
    }

    /// Starts an empty plan for a node.
    init(node: String) {
        self.node = node
    }

    /// Takes in a host record, or its end.
    mutating func setHost(_ name: String, _ record: HostRecord?) {
        guard hosts[name] != record else { return }
        for (network, group) in hosts[name]?.groups ?? [:] {
            leave(GroupID(network: network, path: group.path), name)
        }
        let addresses = Set(hosts[name]?.addresses ?? []).symmetricDifference(record?.addresses ?? [])
        if addresses.contains(where: isInOwnGroup) { dirty.insert(node) }
        hosts[name] = record
        for (network, group) in record?.groups ?? [:] {
            join(GroupID(network: network, path: group.path), name)
        }
        dirty.insert(name)
    }

    /// Takes in a block record, or its end.
    mutating func setBlock(_ prefix: IPPrefix, _ record: BlockRecord?) {
        if let owner = owners[prefix], owner != record?.host {
            blocks[owner]?[prefix] = nil
            owners[prefix] = nil
            dirty.insert(owner)
        }
        guard let record, !record.host.isEmpty else { return }
        guard let known = blocks[record.host]?[prefix] else {
            blocks[record.host, default: [:]][prefix] = record
            owners[prefix] = record.host
            dirty.insert(record.host)
            return
        }
        // Tags and counts of a block change often and move no route.
        if known.group != record.group || known.network != record.network || known.keeper != record.keeper {
            dirty.insert(record.host)
        }
        blocks[record.host]?[prefix] = record
    }

    /// Takes in which addresses of the networks are others'.
    mutating func setBlackouts(_ prefixes: [IPPrefix]) {
        guard prefixes != blackouts else { return }
        blackouts = prefixes
        dirty.insert(node)
    }

    /// What the changes since the last call mean for routes.
    mutating func takeChange() -> Change {
        var change = Change()
        var lost: Set<IPPrefix> = []
        var won: [RemoteRoute] = []
        for name in dirty {
            if name == node {
                let prefixes = planOwn()
                if prefixes != own {
                    own = prefixes
                    change.own = prefixes
                }
                continue
            }
            let prefixes = plan(name)
            let host = hosts[name]
            let routes = prefixes.compactMap { prefix -> RemoteRoute? in
                guard let via = host?.address(of: prefix.family) else { return nil }
                return RemoteRoute(prefix: prefix, via: via, host: name)
            }
            lost.formUnion((planned[name] ?? []).filter { current[$0]?.host == name })
            planned[name] = routes.isEmpty ? nil : routes.map(\.prefix)
            won += routes
        }
        dirty.removeAll(keepingCapacity: true)
        for route in won {
            lost.remove(route.prefix)
            guard current[route.prefix] != route else { continue }
            current[route.prefix] = route
            change.updated.append(route)
        }
        for prefix in lost {
            current[prefix] = nil
            change.removed.append(prefix)
        }
        return change
    }

    /// The smallest set of prefixes that stands for a host.
    private func plan(_ name: String) -> [IPPrefix] {
        var prefixes: [IPPrefix] = []
        let host = hosts[name]
        for (prefix, block) in blocks[name] ?? [:] {
            if let group = host?.groups[block.network], group.path == block.group, group.cidr.contains(prefix),
                residents[GroupID(network: block.network, path: group.path)]?.count == 1
            {
                prefixes.append(group.cidr)
            } else {
                prefixes.append(prefix)
            }
        }
        return IPPrefix.aggregate(prefixes)
    }

    private func planOwn() -> OwnPrefixes {
        var prefixes = OwnPrefixes()
        let owned = (blocks[node] ?? [:]).values
        prefixes.blocks = IPPrefix.aggregate(owned.filter(\.keeper.isEmpty).map(\.cidr))
        let groups = Set((hosts[node]?.groups ?? [:]).values.map(\.cidr)).filter { group in
            !blackouts.contains { $0.contains(group) }
        }
        let inhabited = hosts.values.reduce(into: Set<IPPrefix>()) { inhabited, host in
            for group in groups where host.addresses.contains(where: group.contains) { inhabited.insert(group) }
        }
        prefixes.groups = groups.subtracting(inhabited).sorted()
        prefixes.exempt = IPPrefix.aggregate(
            owned.filter { !$0.keeper.isEmpty }.map(\.cidr)
                + blackouts.filter { blackout in prefixes.groups.contains { $0.contains(blackout) } })
        return prefixes
    }

    private func isInOwnGroup(_ address: IPAddress) -> Bool {
        (hosts[node]?.groups ?? [:]).values.contains { $0.cidr.contains(address) }
    }

    private mutating func join(_ group: GroupID, _ name: String) {
        residents[group, default: []].insert(name)
        touch(group)
    }

    private mutating func leave(_ group: GroupID, _ name: String) {
        residents[group]?.remove(name)
        touch(group)
    }

    /// A group that gains its second host or keeps only one changes what stands for the hosts in it.
    private mutating func touch(_ group: GroupID) {
        guard let names = residents[group], names.count <= 2 else { return }
        dirty.formUnion(names)
    }
}
