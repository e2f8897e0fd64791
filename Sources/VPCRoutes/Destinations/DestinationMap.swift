public import Addresses
public import Topology

/// Which destinations there are, kept up to date from host and block records and the subnets that hosts are on.
///
/// A group's prefix leads to any of its hosts, which sends on to the others over their common subnet. A cloud's router
/// looks at addresses of pods alone, so a host of another subnet cannot be reached through it: the prefix belongs to
/// the subnet with most of the group's hosts, and blocks of the others are destinations of their own. So are blocks that
/// lie outside their host's group. What a change does not touch is not looked at again.
public struct DestinationMap: Sendable {
    /// A leaf group of one network.
    private struct GroupID: Hashable, Sendable {
        var network: String
        var path: String
    }

    private var hosts: [String: HostRecord] = [:]
    private var subnets: [String: String] = [:]
    private var blocks: [String: [IPPrefix: String]] = [:]
    private var owners: [IPPrefix: String] = [:]
    private var residents: [GroupID: Set<String>] = [:]
    private var homes: [GroupID: Home] = [:]
    private var strays: [String: [Destination]] = [:]
    private var dirtyGroups: Set<GroupID> = []
    private var dirtyHosts: Set<String> = []

    /// Where a group's own route leads.
    private struct Home: Hashable, Sendable {
        var destination: Destination
        /// Subnets of its hosts, when there are several.
        var subnets: [String]
    }

    /// A map of nothing.
    public init() {}

    /// Takes in a host record, or its end.
    public mutating func setHost(_ name: String, _ record: HostRecord?) {
        let (before, after) = (hosts[name]?.groups ?? [:], record?.groups ?? [:])
        hosts[name] = record
        guard before != after else { return }
        for (network, group) in before { move(name, GroupID(network: network, path: group.path), isThere: false) }
        for (network, group) in after { move(name, GroupID(network: network, path: group.path), isThere: true) }
        dirtyHosts.insert(name)
    }

    /// Takes in a block record, or its end; tags and counts are nothing to it.
    public mutating func setBlock(_ prefix: IPPrefix, _ record: BlockRecord?) {
        if let owner = owners[prefix], owner != record?.host {
            blocks[owner]?[prefix] = nil
            owners[prefix] = nil
            dirtyHosts.insert(owner)
        }
        guard let record, !record.host.isEmpty, blocks[record.host]?[prefix] != record.network else { return }
        blocks[record.host, default: [:]][prefix] = record.network
        owners[prefix] = record.host
        dirtyHosts.insert(record.host)
    }

    /// Takes in the subnets of the hosts' interfaces, by host.
    public mutating func setSubnets(_ all: [String: String]) {
        for name in Set(all.keys).union(subnets.keys) where all[name] != subnets[name] {
            for (network, group) in hosts[name]?.groups ?? [:] {
                dirtyGroups.insert(GroupID(network: network, path: group.path))
            }
            dirtyHosts.insert(name)
        }
        subnets = all
    }

    /// The hosts that are known, by name.
    public var knownHosts: [String: HostRecord] { hosts }

    /// Whether something was taken in since ``destinations()`` that it may differ by.
    public var isStale: Bool { !dirtyGroups.isEmpty || !dirtyHosts.isEmpty }

    /// All destinations, in order, each prefix once.
    public mutating func destinations() -> [Destination] {
        refresh()
        var all: [IPPrefix: Destination] = [:]
        for home in homes.values { all[home.destination.prefix] = home.destination }
        // Where a host has a whole group of others to itself, it is the one with pods there.
        for list in strays.values { for stray in list { all[stray.prefix] = stray } }
        return all.values.sorted { $0.prefix < $1.prefix }
    }

    /// Groups whose hosts are on several subnets, with these, in order: their blocks need routes of their own.
    public mutating func scatteredGroups() -> [(group: String, subnets: [String])] {
        refresh()
        return homes.values.filter { $0.subnets.count > 1 }.sorted { $0.destination.prefix < $1.destination.prefix }
            .map { ($0.destination.text, $0.subnets) }
    }

    private mutating func move(_ name: String, _ group: GroupID, isThere: Bool) {
        if isThere {
            residents[group, default: []].insert(name)
        } else {
            residents[group]?.remove(name)
            if residents[group]?.isEmpty == true { residents[group] = nil }
        }
        dirtyGroups.insert(group)
    }

    private mutating func refresh() {
        for group in dirtyGroups {
            let (before, after) = (homes[group], home(of: group))
            homes[group] = after
            if before?.destination != after?.destination { dirtyHosts.formUnion(residents[group] ?? []) }
        }
        dirtyGroups.removeAll(keepingCapacity: true)
        for name in dirtyHosts {
            let list = strays(of: name)
            strays[name] = list.isEmpty ? nil : list
        }
        dirtyHosts.removeAll(keepingCapacity: true)
    }

    /// Where a group's prefix leads: to its hosts on the subnet that has most of them.
    private func home(of group: GroupID) -> Home? {
        guard let names = residents[group],
            let place = names.min().flatMap({ hosts[$0]?.groups[group.network] })
        else { return nil }
        var counts: [String: Int] = [:]
        for name in names { if let subnet = subnets[name] { counts[subnet, default: 0] += 1 } }
        let subnet = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
        return Home(
            destination: Destination(
                place.cidr, network: group.network, group: group.path,
                hosts: names.filter { subnet == nil || subnets[$0] == subnet }, subnet: subnet),
            subnets: counts.keys.sorted())
    }

    /// The blocks of a host that no group's route leads to.
    private func strays(of name: String) -> [Destination] {
        var stray: [String: [IPPrefix]] = [:]
        for (prefix, network) in blocks[name] ?? [:] where !isCovered(prefix, of: name, in: network) {
            stray[network, default: []].append(prefix)
        }
        return stray.flatMap { network, prefixes in
            IPPrefix.aggregate(prefixes).map {
                Destination(
                    $0, .blocks, network: network, group: hosts[name]?.groups[network]?.path ?? "", hosts: [name],
                    subnet: subnets[name])
            }
        }
    }

    private func isCovered(_ block: IPPrefix, of name: String, in network: String) -> Bool {
        guard let group = hosts[name]?.groups[network], group.cidr.contains(block) else { return false }
        let home = homes[GroupID(network: network, path: group.path)]
        // A host whose subnet nobody knows yet is about to be one of the group's.
        return home.map { $0.destination.hosts.contains(name) || subnets[name] == nil } ?? false
    }
}
