extension TopologyChange: Encodable {
    private enum CodingKeys: String, CodingKey {
        case networks, hosts, blocks
        case isEmpty = "unchanged"
    }

    private enum BlockKeys: String, CodingKey {
        case kept, outside
        case blackedOut = "blacked_out"
        case abandoned = "given_back"
    }

    private enum HostKeys: String, CodingKey {
        case moved, added
    }

    /// Writes the effect as `POST /topology?dryRun=true` answers it; networks that stay as they are are left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isEmpty, forKey: .isEmpty)
        try container.encode(networks.filter { !$0.isEmpty }, forKey: .networks)
        var hosts = container.nestedContainer(keyedBy: HostKeys.self, forKey: .hosts)
        try hosts.encode(moves, forKey: .moved)
        try hosts.encode(newcomers.map(\.name), forKey: .added)
        var blocks = container.nestedContainer(keyedBy: BlockKeys.self, forKey: .blocks)
        try blocks.encode(blocksKept, forKey: .kept)
        try blocks.encode(outside, forKey: .outside)
        try blocks.encode(blackedOut, forKey: .blackedOut)
        try blocks.encode(settlement.abandoned, forKey: .abandoned)
    }
}

extension GroupChange: Encodable {
    private enum CodingKeys: String, CodingKey { case kind, before, after }

    /// Writes what happens to the group.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind.rawValue, forKey: .kind)
        try container.encodeIfPresent(before, forKey: .before)
        try container.encodeIfPresent(after, forKey: .after)
    }
}

extension NetworkChange: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, notes, groups
        case blocksBefore = "blocks_before"
        case blocksAfter = "blocks_after"
        case addressesBefore = "addresses_before"
        case addressesAfter = "addresses_after"
    }

    /// Writes the network with its notes, its capacity before and after, and the groups that change.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(notes, forKey: .notes)
        try container.encode(capacityBefore.blocks, .blocksBefore)
        try container.encode(capacityAfter.blocks, .blocksAfter)
        try container.encode(capacityBefore.addresses, .addressesBefore)
        try container.encode(capacityAfter.addresses, .addressesAfter)
        try container.encode(groups, forKey: .groups)
    }
}
