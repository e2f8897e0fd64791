public import Addresses

/// A block of addresses as it is stored in etcd under `blocks/FAMILY/CIDR`: granted to one host, used by one tenant.
public struct BlockRecord: Hashable, Sendable {
    /// The addresses of the block.
    public var cidr: IPPrefix
    /// The network it was cut from.
    public var network: String
    /// The path of the group it is part of; empty when a new topology has no group there any more.
    public var group: String
    /// The addresses of that group.
    public var groupCIDR: IPPrefix
    /// The host that has it.
    public var host: String
    /// The tenant that uses it, empty until a host's agent first takes an address for one.
    public var tenant: String
    /// The segment of the tenant, empty as the tenant is.
    public var segment: String
    /// How many of its addresses are in use, as the host's agent last wrote.
    public var allocated: Int
    /// The name of the request that it was granted for.
    public var grant: String
    /// Who gives out its addresses: the host's agent when empty, else somebody whom agents leave it to.
    public var keeper: String

    /// A record, of an unused block unless said otherwise.
    public init(
        cidr: IPPrefix, network: String, group: String, groupCIDR: IPPrefix, host: String, tenant: String = "",
        segment: String = "", allocated: Int = 0, grant: String = "", keeper: String = ""
    ) {
        self.cidr = cidr
        self.network = network
        self.group = group
        self.groupCIDR = groupCIDR
        self.host = host
        self.tenant = tenant
        self.segment = segment
        self.allocated = allocated
        self.grant = grant
        self.keeper = keeper
    }

    /// The family of its addresses.
    public var family: AddressFamily { cidr.family }

    /// Whether a tenant uses it.
    public var isTagged: Bool { !tenant.isEmpty || !segment.isEmpty }
}

extension BlockRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case cidr, family, network, group, host, tenant, segment, allocated, grant, keeper
        case groupCIDR = "group_cidr"
    }

    /// Reads a record; without a group it counts as its own, and what else is missing is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        cidr = try container.decode(IPPrefix.self, forKey: .cidr)
        network = try container.decode(String.self, forKey: .network)
        group = try container.decodeIfPresent(String.self, forKey: .group) ?? ""
        groupCIDR = try container.decodeIfPresent(IPPrefix.self, forKey: .groupCIDR) ?? cidr
        host = try container.decode(String.self, forKey: .host)
        tenant = try container.decodeIfPresent(String.self, forKey: .tenant) ?? ""
        segment = try container.decodeIfPresent(String.self, forKey: .segment) ?? ""
        allocated = try container.decodeIfPresent(Int.self, forKey: .allocated) ?? 0
        grant = try container.decodeIfPresent(String.self, forKey: .grant) ?? ""
        keeper = try container.decodeIfPresent(String.self, forKey: .keeper) ?? ""
    }

    /// Writes every field, the family included; the keeper only if there is one.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(cidr, forKey: .cidr)
        try container.encode(family, forKey: .family)
        try container.encode(network, forKey: .network)
        try container.encode(group, forKey: .group)
        try container.encode(groupCIDR, forKey: .groupCIDR)
        try container.encode(host, forKey: .host)
        try container.encode(tenant, forKey: .tenant)
        try container.encode(segment, forKey: .segment)
        try container.encode(allocated, forKey: .allocated)
        try container.encode(grant, forKey: .grant)
        if !keeper.isEmpty { try container.encode(keeper, forKey: .keeper) }
    }
}
