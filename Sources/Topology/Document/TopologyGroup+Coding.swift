import Addresses

extension TopologyGroup: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, ip, cidr, assignment, routing, dummy, groups
    }

    /// How deep a tree may be.
    static let depthLimit = 32

    /// Reads a group and all below; throws ``TopologyError`` for values that cannot be.
    public init(from decoder: any Decoder) throws {
        var problems: [TopologyError] = []
        try self.init(try LooseContainer(decoder), &problems)
        if let error = TopologyError(problems) { throw error }
    }

    /// Reads a group and all below, and what is wrong with them.
    init(_ object: LooseContainer, _ problems: inout [TopologyError]) throws {
        guard object.path.utf8.count(where: { $0 == UInt8(ascii: "[") }) <= TopologyGroup.depthLimit + 1 else {
            let problem = "the tree is more than \(TopologyGroup.depthLimit) groups deep"
            problems.append(TopologyError(field: object.path, problem: problem))
            self.init()
            return
        }
        let children = try TopologyList(object, "groups", &problems)
        let further = try TopologyList(object, "hosts", &problems)
        if let group = further.groups.first {
            let problem = "\"\(group.name)\" has no ip, so it is not a host"
            problems.append(TopologyError(field: object.field("hosts"), problem: problem))
        }
        if let host = further.hosts.first, let group = children.groups.first {
            problems.append(
                TopologyError(
                    field: object.field("hosts"),
                    problem: "host \(host.name) (\(host.address)) is beside group \"\(group.name)\" "
                        + "in \(object.field("groups"))"))
        }
        self.init(
            name: try object.value(String.self, "name") ?? "",
            assignment: try object.value([String: String].self, "assignment") ?? [:],
            routing: try object.value(String.self, "routing") ?? "",
            isDummy: try object.value(Bool.self, "dummy") ?? false,
            groups: children.groups, hosts: children.hosts + further.hosts)
    }

    /// Writes the group and all below; hosts are elements of `groups` with an `ip`, and what is empty is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !name.isEmpty { try container.encode(name, forKey: .name) }
        try container.encodeIfPresent(cidr, forKey: .cidr)
        if !routing.isEmpty { try container.encode(routing, forKey: .routing) }
        if !assignment.isEmpty { try container.encode(assignment, forKey: .assignment) }
        if isDummy { try container.encode(true, forKey: .dummy) }
        if !groups.isEmpty {
            try container.encode(groups, forKey: .groups)
        } else if !hosts.isEmpty {
            var list = container.nestedUnkeyedContainer(forKey: .groups)
            for host in hosts {
                var element = list.nestedContainer(keyedBy: CodingKeys.self)
                try element.encode(host.name, forKey: .name)
                try element.encode(host.address, forKey: .ip)
                if !host.assignment.isEmpty { try element.encode(host.assignment, forKey: .assignment) }
            }
        }
    }
}
