public import Addresses

extension NodeBlocks {
    /// Takes in the networks that this node has a group in, in the order of the topology document.
    ///
    /// Blocks of networks that are not among them give no more addresses; what is in use stays in use.
    public mutating func setNetworks(_ networks: [Network]) {
        guard networks != self.networks else { return }
        self.networks = networks
        named = [:]
        open = [:]
        for network in networks {
            let shelf = shelf(of: network.name)
            if network.isForAll { open[network.family, default: []].append(shelf) }
            for tenant in Set(network.tenants) {
                named[tenant, default: [:]][network.family, default: []].append(shelf)
            }
        }
        for slot in slotsByPrefix.values { reserve(slot) }
    }

    /// Takes in all blocks that the node has: adds and changes those in `records` and removes all others.
    public mutating func setBlocks(_ records: [BlockRecord]) {
        let present = Set(records.map(\.cidr))
        for block in Array(slotsByPrefix.keys) where !present.contains(block) { removeBlock(block) }
        for record in records { addBlock(record) }
    }

    /// Takes in a block that the node has, or a change of its record.
    ///
    /// Addresses claimed before join it. Tags and counts follow what is known here: where the record says otherwise,
    /// the block becomes one to be written. Returns false, and changes nothing, when the block overlaps another.
    @discardableResult
    public mutating func addBlock(_ record: BlockRecord) -> Bool {
        if let slot = slotsByPrefix[record.cidr] {
            change(slot, record)
            return true
        }
        guard !slotsByPrefix.keys.contains(where: { $0.overlaps(record.cidr) }) else { return false }
        let slot = insert(NodeBlock(record, shelf: shelf(of: record.network)))
        for (address, tenancy) in strays.sorted(by: { $0.key < $1.key }) where record.cidr.contains(address) {
            strays[address] = nil
            rehome(address, to: slot)
            _ = use(address, in: slot, record.isTagged ? Tenancy(record.tenant, record.segment) : tenancy)
        }
        let isChanged = slots[slot]?.record != record
        slots[slot]?.isDirty = isChanged
        return true
    }

    /// Forgets a block; addresses in use stay with their owners, who keep them until they release them.
    public mutating func removeBlock(_ prefix: IPPrefix) {
        guard let slot = slotsByPrefix.removeValue(forKey: prefix), let block = slots[slot] else { return }
        shelves[block.shelf].remove(slot, of: block.tenancy)
        slots[slot] = nil
        pools[slot] = AddressPool(count: 0)
        guard !block.isEmpty, let tenancy = block.tenancy else { return }
        for address in Array(owners.keys) where prefix.contains(address) {
            strays[address] = tenancy
            rehome(address, to: nil)
        }
    }

    /// The blocks to ask the daemon for: as many as each network lacks of wholly idle, untagged ones, and one more for
    /// everybody who lately had to make do without.
    public func wants() -> [BlockWant] {
        networks.compactMap { network in
            guard let shelf = shelvesByNetwork[network.name].map({ shelves[$0] }) else { return nil }
            let missing = spares + shelf.demand - idleBlocks(of: shelf).count
            guard missing > 0 else { return nil }
            return BlockWant(family: network.family, network: network.name, count: missing)
        }
    }

    /// The blocks to give back: untagged, wholly cooled down, beyond the spares, and so on the last call too; and those
    /// that are blacked out and in use by nobody.
    ///
    /// Of several the highest go. The caller removes the block (``removeBlock(_:)``) before it gives it back.
    public mutating func surplus(now: UInt64) -> [IPPrefix] {
        latest = max(latest, now)
        var result: [IPPrefix] = []
        let present = Set(networks.map(\.name))
        for shelf in shelves {
            let kept = present.contains(shelf.network) ? spares + shelf.demand : 0
            let idle = idleBlocks(of: shelf).sorted { $0.prefix < $1.prefix }
            let barren = shelf.untagged.filter { pools[$0].isBarren }
            for (slot, _) in idle.prefix(kept) { slots[slot]?.idleSightings = 0 }
            for slot in idle.dropFirst(kept).map(\.slot) + barren {
                guard let block = slots[slot] else { continue }
                slots[slot]?.idleSightings = block.idleSightings + 1
                if block.idleSightings >= 1 { result.append(block.record.cidr) }
            }
        }
        return result.sorted()
    }

    /// The blocks whose tags or counts changed since the last call, in order of addresses.
    public mutating func takeDirtyBlocks() -> [BlockRecord] {
        var records: [BlockRecord] = []
        for slot in slots.indices where slots[slot]?.isDirty == true {
            slots[slot]?.isDirty = false
            if let record = slots[slot]?.record { records.append(record) }
        }
        return records.sorted { $0.cidr < $1.cidr }
    }

    /// Makes blocks that could not be written part of the next ``takeDirtyBlocks()``.
    public mutating func markDirty(_ prefixes: some Sequence<IPPrefix>) {
        for slot in prefixes.compactMap({ slotsByPrefix[$0] }) { slots[slot]?.isDirty = true }
    }

    private func idleBlocks(of shelf: NetworkShelf) -> [(slot: Int, prefix: IPPrefix)] {
        let cooled = cooled(at: latest)
        return shelf.untagged.compactMap { slot in
            guard pools[slot].isWhollyIdle(cooledBy: cooled) else { return nil }
            return slots[slot].map { (slot, $0.record.cidr) }
        }
    }
}

extension NodeBlocks {
    /// The shelf of a network, made when it is first asked for.
    private mutating func shelf(of network: String) -> Int {
        if let shelf = shelvesByNetwork[network] { return shelf }
        shelves.append(NetworkShelf(network: network))
        shelvesByNetwork[network] = shelves.count - 1
        return shelves.count - 1
    }

    /// Gives a block a slot and a place among those that were never in use.
    private mutating func insert(_ block: NodeBlock) -> Int {
        let prefix = block.record.cidr
        let slot = slots.firstIndex { $0 == nil } ?? slots.count
        if slot == slots.count {
            slots.append(block)
            pools.append(AddressPool(count: prefix.count))
        } else {
            slots[slot] = block
            pools[slot] = AddressPool(count: prefix.count)
        }
        slotsByPrefix[prefix] = slot
        reserve(slot)
        let fresh = shelves[block.shelf].fresh
        let place = fresh.firstIndex { slots[$0].map { $0.record.cidr > prefix } ?? false } ?? fresh.count
        shelves[block.shelf].fresh.insert(slot, at: place)
        if let served = shelves[block.shelf].unserved.first { shelves[block.shelf].unserved.remove(served) }
        return slot
    }

    /// Takes in what others may change of a block: which network and group it is part of, and for what it was granted.
    private mutating func change(_ slot: Int, _ record: BlockRecord) {
        guard let known = slots[slot] else { return }
        defer { if known.record.group.isEmpty != record.group.isEmpty { reserve(slot) } }
        if known.record.network != record.network {
            let target = shelf(of: record.network)
            shelves[known.shelf].remove(slot, of: known.tenancy)
            if let tenancy = known.tenancy {
                shelves[target].tagged[tenancy, default: []].append(slot)
            } else {
                shelves[target].emptied.append(slot)
            }
            slots[slot]?.shelf = target
            slots[slot]?.record.network = record.network
            reserve(slot)
        }
        slots[slot]?.record.group = record.group
        slots[slot]?.record.groupCIDR = record.groupCIDR
        slots[slot]?.record.host = record.host
        slots[slot]?.record.grant = record.grant
        if slots[slot]?.record != record { slots[slot]?.isDirty = true }
    }

    /// Keeps the blackouts of a block's network from being given, and all of a block that is no part of a group or of
    /// its network any more.
    private mutating func reserve(_ slot: Int) {
        guard let block = slots[slot] else { return }
        let network = networks.first { $0.name == block.record.network }
        let isPart = !block.record.group.isEmpty && network.map { $0.cidr.contains(block.record.cidr) } ?? true
        let blackouts = isPart ? network?.blackouts ?? [] : [block.record.cidr]
        pools[slot].reserve(block.offsets(of: blackouts, size: pools[slot].size))
    }

    private mutating func rehome(_ address: IPAddress, to slot: Int?) {
        guard let owner = owners[address],
            let place = holdings[owner]?.firstIndex(where: { $0.address == address })
        else { return }
        holdings[owner]?[place].slot = slot
    }
}
