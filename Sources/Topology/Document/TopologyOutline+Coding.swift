import Addresses

extension TopologyOutline: Encodable {
    private enum CodingKeys: String, CodingKey { case networks }

    /// Writes the networks; numbers beyond what every reader of JSON can hold are written as text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(networks, forKey: .networks)
    }
}

private enum OutlineKeys: String, CodingKey {
    case name, path, cidr, tenants, assignment, routing, dummy, blocks, addresses, hosts, groups
    case blockMask = "block_mask"
    case blackouts = "blacked_out"
    case blocksTaken = "blocks_taken"
    case hostNames = "host_names"
    case padding = "kept_free"
}

extension NetworkOutline: Encodable {
    /// Writes the network and its groups.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: OutlineKeys.self)
        try container.encode(network.name, forKey: .name)
        try container.encode(network.cidr, forKey: .cidr)
        try container.encode(network.blockMask, forKey: .blockMask)
        try container.encode(network.isForAll ? ["*"] : network.tenants, forKey: .tenants)
        try container.encode(network.blackouts, forKey: .blackouts)
        try container.encode(capacity)
        try container.encode(hosts, forKey: .hosts)
        try container.encode(blocksTaken, forKey: .blocksTaken)
        try container.encodeIfPresent(groups, forKey: .groups)
        try container.encode(padding, forKey: .padding)
    }
}

extension GroupOutline: Encodable {
    /// Writes the group and all below; a leaf has the names of its hosts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: OutlineKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(path, forKey: .path)
        try container.encode(cidr, forKey: .cidr)
        try container.encode(assignment, forKey: .assignment)
        try container.encode(routing, forKey: .routing)
        try container.encode(isDummy, forKey: .dummy)
        try container.encode(capacity)
        try container.encode(hosts, forKey: .hosts)
        try container.encode(blocksTaken, forKey: .blocksTaken)
        if groups.isEmpty {
            try container.encode(hostNames, forKey: .hostNames)
        } else {
            try container.encode(groups, forKey: .groups)
            try container.encode(padding, forKey: .padding)
        }
    }
}

extension KeyedEncodingContainer<OutlineKeys> {
    fileprivate mutating func encode(_ capacity: BlockCapacity) throws {
        try encode(capacity.blocks, .blocks)
        try encode(capacity.addresses, .addresses)
    }
}

extension KeyedEncodingContainer {
    /// Writes a number such that every reader of JSON reads it right.
    mutating func encode(_ number: UInt128, _ key: Key) throws {
        // JavaScript and many others read numbers as doubles, which are exact up to 2^53.
        if number <= 1 << 53, let small = UInt64(exactly: number) {
            try encode(small, forKey: key)
        } else {
            try encode("\(number)", forKey: key)
        }
    }
}
