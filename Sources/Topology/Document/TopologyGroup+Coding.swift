import Addresses

/// An element of a list in the tree: whoever has an `ip` is a host.
enum TopologyElement: Decodable {
    case group(TopologyGroup)
    case host(TopologyHost)

    init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        guard let text = try object.value(String.self, "ip") else {
            self = .group(try TopologyGroup(object))
            return
        }
        let name = try object.value(String.self, "name") ?? ""
        guard let address = IPAddress(text) else {
            throw TopologyError(field: object.field("ip"), problem: "\"\(text)\" of host \(name) is not an address")
        }
        guard !name.isEmpty else {
            throw TopologyError(field: object.field("name"), problem: "the host with ip \(text) has no name")
        }
        let labels = try object.value([String: String].self, "assignment") ?? [:]
        self = .host(TopologyHost(name: name, address: address, assignment: labels))
    }

    /// Tells groups and hosts of one list apart; a list of both is refused.
    static func split(
        _ elements: [TopologyElement], field: String
    ) throws(TopologyError) -> (groups: [TopologyGroup], hosts: [TopologyHost]) {
        var groups: [TopologyGroup] = []
        var hosts: [TopologyHost] = []
        for element in elements {
            switch element {
            case .group(let group): groups.append(group)
            case .host(let host): hosts.append(host)
            }
        }
        if let group = groups.first, let host = hosts.first {
            throw TopologyError(
                field: field,
                problem: "host \(host.name) (\(host.address)) and group \"\(group.name)\" cannot be in one list")
        }
        return (groups, hosts)
    }
}

extension TopologyGroup: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, ip, cidr, assignment, routing, dummy, groups
    }

    /// How deep a tree may be.
    static let depthLimit = 32

    /// Reads a group and all below; throws ``TopologyError`` for values that cannot be.
    public init(from decoder: any Decoder) throws {
        try self.init(try LooseContainer(decoder))
    }

    init(_ object: LooseContainer) throws {
        guard object.path.utf8.count(where: { $0 == UInt8(ascii: "[") }) <= TopologyGroup.depthLimit + 1 else {
            throw TopologyError(
                field: object.path, problem: "the tree is more than \(TopologyGroup.depthLimit) groups deep")
        }
        let lists = [
            (object.field("groups"), try object.value([TopologyElement].self, "groups") ?? []),
            (object.field("hosts"), try object.value([TopologyElement].self, "hosts") ?? []),
        ]
        let children = try TopologyElement.split(lists[0].1, field: lists[0].0)
        let further = try TopologyElement.split(lists[1].1, field: lists[1].0)
        if let group = further.groups.first {
            throw TopologyError(field: lists[1].0, problem: "\"\(group.name)\" has no ip, so it is not a host")
        }
        if let host = further.hosts.first, let group = children.groups.first {
            throw TopologyError(
                field: lists[1].0,
                problem: "host \(host.name) (\(host.address)) is beside group \"\(group.name)\" in \(lists[0].0)")
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
