public import Addresses

/// A group of one network, with its addresses.
public struct PrefixGroup: Sendable {
    /// The names on the way down with slashes between, unique among the leaves of the tree; `/` for a nameless root.
    public let path: String
    /// Its addresses.
    public let cidr: IPPrefix
    /// Its name, empty when it has none.
    public let name: String
    /// A free text on how its routes spread.
    public let routing: String
    /// The labels it asks for itself.
    public let assignment: [String: String]
    /// Whether it, or one around it, only keeps a place.
    public let isDummy: Bool
    /// The groups in it; none in a leaf.
    public let groups: [PrefixGroup]
    /// The hosts that the document names in it.
    public let hosts: [TopologyHost]
    /// The labels that it and those around it ask for.
    let demands: [[String: String]]
    /// Whether the document itself says that it is a dummy.
    private let isMarkedDummy: Bool
    /// Its place in the document, for errors.
    let field: String

    /// The place of a host in it.
    public var place: HostGroup { HostGroup(path: path, cidr: cidr) }

    /// The groups without groups in it, or itself if it is one.
    var leaves: [PrefixGroup] { groups.isEmpty ? [self] : groups.flatMap(\.leaves) }

    /// Whether a host with these labels may be placed in it.
    public func suits(_ tags: [String: String]) -> Bool {
        !isDummy && demands.allSatisfy { $0.allSatisfy { tags.carry($0.key, $0.value) } }
    }

    /// The first label, with the value asked for, that a host with these labels has not.
    public func firstMisfit(_ tags: [String: String]) -> (label: String, value: String)? {
        for demand in demands {
            for (label, value) in demand.sorted(by: { $0.key < $1.key }) where !tags.carry(label, value) {
                return (label, value)
            }
        }
        return nil
    }

    /// The group as users see it, with hosts by path.
    func shown(with residents: [String: [TopologyHost]]) -> TopologyGroup {
        TopologyGroup(
            name: name, assignment: assignment, routing: routing, isDummy: isMarkedDummy, cidr: cidr,
            groups: groups.map { $0.shown(with: residents) }, hosts: groups.isEmpty ? residents[path] ?? [] : [])
    }

    /// Gives each group of a list its part of `cidr`, and adds what is wrong with that.
    static func cut(
        _ list: [TopologyGroup], _ cidr: IPPrefix, within around: GroupTree.Surroundings,
        _ problems: inout [TopologyError]
    ) -> [PrefixGroup] {
        let bits = bits(for: list.count)
        guard cidr.length + bits <= cidr.family.bits else {
            problems.append(
                TopologyError(
                    field: around.field,
                    problem: "\(list.count) groups do not fit into \(cidr) of network \(around.network.name)"))
            return []
        }
        var names: Set<String> = []
        var groups: [PrefixGroup] = []
        for (index, group) in list.enumerated() {
            guard let part = cidr.subprefix(UInt128(index), length: cidr.length + bits) else { break }
            var name = group.name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "_")
            if name.isEmpty ? list.count > 1 || !around.path.isEmpty : names.contains(name) { name += "#\(index + 1)" }
            while !names.insert(name).inserted { name += "#" }
            var inside = around
            inside.field = "\(around.field)[\(index)].groups"
            inside.path += name.isEmpty ? [] : [name]
            inside.assignment += group.assignment.isEmpty ? [] : [group.assignment]
            inside.isDummy = around.isDummy || group.isDummy
            groups.append(
                PrefixGroup(
                    path: inside.path.isEmpty ? "/" : inside.path.joined(separator: "/"), cidr: part, name: group.name,
                    routing: group.routing, assignment: group.assignment, isDummy: inside.isDummy,
                    groups: cut(group.groups, part, within: inside, &problems), hosts: group.hosts,
                    demands: inside.assignment, isMarkedDummy: group.isDummy, field: "\(around.field)[\(index)]"))
        }
        return groups
    }

    /// How many bits a list of groups takes: one group takes all addresses, n groups the bits that count to n - 1.
    private static func bits(for count: Int) -> Int {
        count < 2 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    }

    /// The parts of `cidr` that belong to none of the groups cut from it, which are kept free.
    static func padding(of cidr: IPPrefix, after groups: [PrefixGroup]) -> [IPPrefix] {
        guard let last = groups.last, let next = last.cidr.last.advanced(by: 1), cidr.contains(next) else { return [] }
        return AddressRange(first: next, last: cidr.last)?.prefixes ?? []
    }
}

extension PrefixGroup: Equatable {
    /// Groups are equal when they look alike and have the same addresses, wherever their documents have them.
    public static func == (left: PrefixGroup, right: PrefixGroup) -> Bool {
        left.path == right.path && left.cidr == right.cidr && left.name == right.name && left.routing == right.routing
            && left.isMarkedDummy == right.isMarkedDummy && left.isDummy == right.isDummy
            && left.demands == right.demands && left.assignment == right.assignment && left.hosts == right.hosts
            && left.groups == right.groups
    }
}

extension [String: String] {
    /// The older and the newer name of the labels that say where a node stands.
    private static let aliases = [
        "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region": "failure-domain.beta.kubernetes.io/region",
        "topology.kubernetes.io/zone": "failure-domain.beta.kubernetes.io/zone",
    ]

    /// Whether the labels have `label` with `value`; a missing label that goes by two names is looked for under both.
    func carry(_ label: String, _ value: String) -> Bool {
        (self[label] ?? Self.aliases[label].flatMap { self[$0] }) == value
    }
}
