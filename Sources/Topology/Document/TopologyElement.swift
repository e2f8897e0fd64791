import Addresses

/// An element of a list in the tree, with everything that is wrong with it and below: whoever has an `ip` is a host.
struct TopologyElement: Decodable {
    /// What the element is.
    enum Kind {
        case group(TopologyGroup)
        case host(TopologyHost)
        /// A host that something is wrong with.
        case broken
    }

    let kind: Kind
    let problems: [TopologyError]

    init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        guard let text = try object.value(String.self, "ip") else {
            var problems: [TopologyError] = []
            kind = .group(try TopologyGroup(object, &problems))
            self.problems = problems
            return
        }
        let name = try object.value(String.self, "name") ?? ""
        let labels = try object.value([String: String].self, "assignment") ?? [:]
        var problems: [TopologyError] = []
        if name.isEmpty {
            let problem = "the host with ip \(text) has no name"
            problems.append(TopologyError(field: object.field("name"), problem: problem))
        }
        if let address = IPAddress(text), problems.isEmpty {
            kind = .host(TopologyHost(name: name, address: address, assignment: labels))
        } else {
            kind = .broken
        }
        if IPAddress(text) == nil {
            let problem = "\"\(text)\" of host \(name) is not an address"
            problems.append(TopologyError(field: object.field("ip"), problem: problem))
        }
        self.problems = problems
    }
}

/// The elements of one list, groups and hosts told apart.
struct TopologyList {
    private(set) var groups: [TopologyGroup] = []
    private(set) var hosts: [TopologyHost] = []

    /// Reads the list under `key`, and what is wrong with it; a list of both groups and hosts is.
    init(_ object: LooseContainer, _ key: String, _ problems: inout [TopologyError]) throws {
        for element in try object.value([TopologyElement].self, key) ?? [] {
            switch element.kind {
            case .group(let group): groups.append(group)
            case .host(let host): hosts.append(host)
            case .broken: break
            }
            problems += element.problems
        }
        guard let group = groups.first, let host = hosts.first else { return }
        problems.append(
            TopologyError(
                field: object.field(key),
                problem: "host \(host.name) (\(host.address)) and group \"\(group.name)\" cannot be in one list"))
    }
}
