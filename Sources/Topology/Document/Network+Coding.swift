import Addresses

extension Network: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, cidr, tenants
        case blockMask = "block_mask"
        case blackouts = "blacked_out"
    }

    /// Reads and checks a network; throws ``TopologyError`` for values that cannot be.
    public init(from decoder: any Decoder) throws {
        let object = try LooseContainer(decoder)
        let name = try object.value(String.self, "name") ?? ""
        guard let text = try object.value(String.self, "cidr") else {
            throw TopologyError(field: object.field("cidr"), problem: "network \(name) has no cidr")
        }
        let cidr = try Network.prefix(text, of: name, field: object.field("cidr"))
        let blackouts = try (object.value([String].self, "blacked_out") ?? []).map {
            try Network.prefix($0, of: name, field: object.field("blacked_out"))
        }
        try self.init(
            name: name, cidr: cidr, blockMask: object.value(Int.self, "block_mask"),
            tenants: object.value([String].self, "tenants") ?? [], blackouts: blackouts, field: object.path)
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

    private static func prefix(_ text: String, of network: String, field: String) throws(TopologyError) -> IPPrefix {
        do throws(AddressError) {
            return try IPPrefix(parsing: text)
        } catch {
            throw TopologyError(field: field, problem: "\(error), in network \(network)")
        }
    }
}
