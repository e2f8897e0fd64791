public import Addresses

extension NodeBlocks {
    /// Takes in the networks that this node has a group in, in the order of the topology document.
    ///
    /// Blocks of networks that are not among them give no more addresses; what is in use stays in use.
    public mutating func setNetworks(_ networks: [Network]) {
        guard networks != self.networks else { return }
        let blackouts = Dictionary(networks.map { ($0.name, $0.blackouts) }, uniquingKeysWith: { first, _ in first })
        self.networks = networks
        named = [:]
        open = [:]
        for network in networks {
            if network.isForAll { open[network.family, default: []].append(network.name) }
            for tenant in Set(network.tenants) {
                named[tenant, default: [:]][network.family, default: []].append(network.name)
            }
        }
        for (block, held) in blocks { blocks[block]?.reserve(blackouts[held.record.network] ?? []) }
    }

    /// Takes in all blocks that the node has: adds and changes those in `records` and removes all others.
    public mutating func setBlocks(_ records: [BlockRecord]) {
        let present = Set(records.map(\.cidr))
        for block in blocks.keys where !present.contains(block) { removeBlock(block) }
        for record in records { addBlock(record) }
    }

    /// Takes in a block that the node has, or a change of its record.
    ///
    /// Addresses claimed before join it. Tags and counts follow what is known here: where the record says otherwise,
    /// the block becomes one to be written. Returns false, and changes nothing, when the block overlaps another.
    @discardableResult
    public mutating func addBlock(_ record: BlockRecord) -> Bool {
        guard blocks[record.cidr] == nil else {
            change(record)
            return true
        }
        guard !blocks.keys.contains(where: { $0.overlaps(record.cidr) }) else { return false }
        var block = NodeBlock(record)
        block.reserve(networks.first { $0.name == record.network }?.blackouts ?? [])
        blocks[record.cidr] = block
        shelves[record.network, default: NetworkShelf()].addFresh(record.cidr)
        for (address, tenancy) in strays.sorted(by: { $0.key < $1.key }) where record.cidr.contains(address) {
            strays[address] = nil
            rehome(address, to: record.cidr)
            use(address, in: record.cidr, record.isTagged ? Tenancy(record.tenant, record.segment) : tenancy)
        }
        if blocks[record.cidr]?.record == record {
            dirty.remove(record.cidr)
        } else {
            dirty.insert(record.cidr)
        }
        return true
    }

    /// Forgets a block; addresses in use stay with their owners, who keep them until they release them.
    public mutating func removeBlock(_ prefix: IPPrefix) {
        guard let block = blocks.removeValue(forKey: prefix) else { return }
        shelves[block.record.network]?.remove(prefix, of: block.tenancy)
        dirty.remove(prefix)
        guard !block.isEmpty, let tenancy = block.tenancy else { return }
        for address in owners.keys where prefix.contains(address) {
            strays[address] = tenancy
            rehome(address, to: nil)
        }
    }

    /// The blocks to ask the daemon for: as many as each network lacks of wholly idle, untagged ones, and one more for
    /// everybody who lately had to make do without.
    public func wants() -> [BlockWant] {
        networks.compactMap { network in
            let shelf = shelves[network.name] ?? NetworkShelf()
            let missing = spares + shelf.demand - idleBlocks(of: shelf).count
            guard missing > 0 else { return nil }
            return BlockWant(family: network.family, network: network.name, count: missing)
        }
    }

    /// The blocks to give back: untagged, wholly cooled down, beyond the spares, and so on the last call too.
    ///
    /// Of several the highest go. The caller removes the block (``removeBlock(_:)``) before it gives it back.
    public mutating func surplus(now: UInt64) -> [IPPrefix] {
        latest = max(latest, now)
        var result: [IPPrefix] = []
        let present = Set(networks.map(\.name))
        for (name, shelf) in shelves {
            let kept = present.contains(name) ? spares + shelf.demand : 0
            let idle = idleBlocks(of: shelf).sorted()
            for block in idle.prefix(kept) { blocks[block]?.idleSightings = 0 }
            for block in idle.dropFirst(kept) {
                let sightings = (blocks[block]?.idleSightings ?? 0) + 1
                blocks[block]?.idleSightings = sightings
                if sightings >= 2 { result.append(block) }
            }
        }
        return result.sorted()
    }

    /// The blocks whose tags or counts changed since the last call, in order of addresses.
    public mutating func takeDirtyBlocks() -> [BlockRecord] {
        defer { dirty.removeAll(keepingCapacity: true) }
        return dirty.sorted().compactMap { blocks[$0]?.record }
    }

    /// Makes blocks that could not be written part of the next ``takeDirtyBlocks()``.
    public mutating func markDirty(_ prefixes: some Sequence<IPPrefix>) {
        dirty.formUnion(prefixes.filter { blocks[$0] != nil })
    }

    private func idleBlocks(of shelf: NetworkShelf) -> [IPPrefix] {
        let cooled = cooled(at: latest)
        return shelf.untagged.filter { blocks[$0]?.pool.isWhollyIdle(cooledBy: cooled) == true }
    }

    /// Takes in what others may change of a block: which network and group it is part of, and for what it was granted.
    private mutating func change(_ record: BlockRecord) {
        guard let known = blocks[record.cidr] else { return }
        if known.record.network != record.network { move(known, to: record.network) }
        blocks[record.cidr]?.record.group = record.group
        blocks[record.cidr]?.record.groupCIDR = record.groupCIDR
        blocks[record.cidr]?.record.host = record.host
        blocks[record.cidr]?.record.grant = record.grant
        if blocks[record.cidr]?.record != record { dirty.insert(record.cidr) }
    }

    private mutating func move(_ block: NodeBlock, to network: String) {
        let prefix = block.record.cidr
        shelves[block.record.network]?.remove(prefix, of: block.tenancy)
        if let tenancy = block.tenancy {
            shelves[network, default: NetworkShelf()].tagged[tenancy, default: []].append(prefix)
        } else {
            shelves[network, default: NetworkShelf()].emptied.append(prefix)
        }
        blocks[prefix]?.record.network = network
        blocks[prefix]?.reserve(networks.first { $0.name == network }?.blackouts ?? [])
    }

    private mutating func rehome(_ address: IPAddress, to block: IPPrefix?) {
        guard let owner = owners[address],
            let place = holdings[owner]?.firstIndex(where: { $0.address == address })
        else { return }
        holdings[owner]?[place].block = block
    }
}
