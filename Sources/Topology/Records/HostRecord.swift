public import Addresses

/// A host as it is stored in etcd under `hosts/NAME`.
public struct HostRecord: Hashable, Sendable {
    /// The name of the Kubernetes node.
    public var name: String
    /// The addresses other hosts reach it under; the first is the one shown as its own.
    public var addresses: [IPAddress]
    /// The port of its agent, 9604 unless said otherwise.
    public var agentPort: Int
    /// The labels of the node.
    public var tags: [String: String]
    /// Further facts from Kubernetes, by name.
    public var kubernetes: [String: String]
    /// Its place in each network that it takes part in, by the network's name.
    public var groups: [String: HostGroup]
    /// How often the record was changed.
    public var revision: Int64

    /// The port of an agent that names none.
    public static let defaultAgentPort = 9604

    /// A record; everything but name and addresses may be left out.
    public init(
        name: String, addresses: [IPAddress], agentPort: Int = HostRecord.defaultAgentPort,
        tags: [String: String] = [:], kubernetes: [String: String] = [:], groups: [String: HostGroup] = [:],
        revision: Int64 = 0
    ) {
        self.name = name
        self.addresses = addresses
        self.agentPort = agentPort
        self.tags = tags
        self.kubernetes = kubernetes
        self.groups = groups
        self.revision = revision
    }

    /// The first address as text, empty when there is none.
    public var ip: String { addresses.first?.description ?? "" }

    /// The first address of `family`; nil when it has none.
    public func address(of family: AddressFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }
}

extension HostRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, ip, addresses, tags, groups, revision
        case agentPort = "agent_port"
        case kubernetes = "k8s_info"
    }

    /// Reads a record; a record without `addresses` has that of `ip`, and what else is missing or null is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        addresses =
            try container.decodeIfPresent([IPAddress].self, forKey: .addresses)
            ?? [try container.decode(IPAddress.self, forKey: .ip)]
        let port = try container.decodeIfPresent(Int.self, forKey: .agentPort) ?? 0
        agentPort = port == 0 ? HostRecord.defaultAgentPort : port
        tags = try container.decodeIfPresent([String: String].self, forKey: .tags) ?? [:]
        kubernetes = try container.decodeIfPresent([String: String].self, forKey: .kubernetes) ?? [:]
        groups = try container.decodeIfPresent([String: HostGroup].self, forKey: .groups) ?? [:]
        revision = try container.decodeIfPresent(Int64.self, forKey: .revision) ?? 0
    }

    /// Writes every field, `ip` included.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(ip, forKey: .ip)
        try container.encode(addresses, forKey: .addresses)
        try container.encode(agentPort, forKey: .agentPort)
        try container.encode(tags, forKey: .tags)
        try container.encode(kubernetes, forKey: .kubernetes)
        try container.encode(groups, forKey: .groups)
        try container.encode(revision, forKey: .revision)
    }
}
