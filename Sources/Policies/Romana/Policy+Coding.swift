import Addresses

extension Policy: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, direction, ingress
        case remark = "description"
        case targets = "applied_to"
    }

    /// Reads a policy; a list that is missing or null is empty, which `check()` tells of.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decodeIfPresent(String.self, forKey: .id) ?? ""
        direction = try container.decode(PolicyDirection.self, forKey: .direction)
        remark = try container.decodeIfPresent(String.self, forKey: .remark) ?? ""
        targets = try container.decodeIfPresent([PolicyEndpoint].self, forKey: .targets) ?? []
        clauses = try container.decodeIfPresent([PolicyClause].self, forKey: .ingress) ?? []
    }

    /// Writes the policy; an empty description is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(direction, forKey: .direction)
        if !remark.isEmpty { try container.encode(remark, forKey: .remark) }
        try container.encode(targets, forKey: .targets)
        try container.encode(clauses, forKey: .ingress)
    }
}

extension PolicyClause: Codable {
    private enum CodingKeys: String, CodingKey {
        case peers, rules
    }

    /// Reads a part of a policy; a list that is missing or null is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        peers = try container.decodeIfPresent([PolicyEndpoint].self, forKey: .peers) ?? []
        rules = try container.decodeIfPresent([PolicyRule].self, forKey: .rules) ?? []
    }

    /// Writes both lists.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(peers, forKey: .peers)
        try container.encode(rules, forKey: .rules)
    }
}

extension PolicyEndpoint: Codable {
    private enum CodingKeys: String, CodingKey {
        case peer, cidr
        case destination = "dest"
        case tenant = "tenant_id"
        case segment = "segment_id"
    }

    /// Reads an endpoint; what is missing or null is empty, and so is an empty `cidr`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        peer = try container.decodeIfPresent(String.self, forKey: .peer) ?? ""
        let isEmpty = (try? container.decodeIfPresent(String.self, forKey: .cidr))?.isEmpty ?? true
        cidr = isEmpty ? nil : try container.decodeIfPresent(IPPrefix.self, forKey: .cidr)
        destination = try container.decodeIfPresent(String.self, forKey: .destination) ?? ""
        tenant = try container.decodeIfPresent(String.self, forKey: .tenant) ?? ""
        segment = try container.decodeIfPresent(String.self, forKey: .segment) ?? ""
    }

    /// Writes what is said.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !peer.isEmpty { try container.encode(peer, forKey: .peer) }
        try container.encodeIfPresent(cidr, forKey: .cidr)
        if !destination.isEmpty { try container.encode(destination, forKey: .destination) }
        if !tenant.isEmpty { try container.encode(tenant, forKey: .tenant) }
        if !segment.isEmpty { try container.encode(segment, forKey: .segment) }
    }
}
