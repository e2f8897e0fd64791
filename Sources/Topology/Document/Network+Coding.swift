import Addresses

extension Network: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, cidr, tenants
        case blockMask = "block_mask"
        case blackouts = "blacked_out"
    }

    /// Reads and checks a network; throws ``TopologyError`` for values that cannot be.
    public init(from decoder: any Decoder) throws {
        let draft = try NetworkDraft(from: decoder)
        guard let network = draft.network else {
            throw TopologyError(draft.problems) ?? TopologyError(field: "network", problem: "it cannot be read")
        }
        self = network
    }

    /// Writes the network with its block mask; all tenants are written as `["*"]`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(cidr, forKey: .cidr)
        try container.encode(blockMask, forKey: .blockMask)
        try container.encode(isForAll ? ["*"] : tenants, forKey: .tenants)
        if !blackouts.isEmpty { try container.encode(blackouts, forKey: .blackouts) }
    }
}
