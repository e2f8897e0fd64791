public import Addresses

extension NodeBlocks {
    /// An address that would do, and why it was chosen.
    private struct Choice {
        var slot: Int
        var offset: Int
        var isWarm = false
        var isShared = false
    }

    /// Gives `owner` one address of each family that the tenant's networks on this node offer, or none at all.
    ///
    /// An owner that has addresses gets the same again. The networks that name the tenant come first, then those for
    /// all. In each: the lowest cooled address of the blocks of (tenant, segment) in the order they were acquired, else
    /// of an untagged block, which is tagged. If nothing has cooled: the longest idle of these. If there is nothing: an
    /// address of another's block, which is counted.
    public mutating func allocate(
        owner: String, tenant: String, segment: String, now: UInt64
    ) throws(AllocationError) -> [Allocation] {
        latest = max(latest, now)
        if let held = holdings[owner] { return held.map(allocation) }
        let tenancy = Tenancy(tenant, segment)
        var choices: [Choice] = []
        for family in AddressFamily.allCases {
            let tried = shelves(serving: tenant, family)
            guard let first = tried.first else { continue }
            guard let choice = choose(tenancy, tried, cooled: cooled(at: now)) else {
                counters.failures += 1
                shelves[first].unserved.insert(tenancy)
                throw .noAddress(
                    family: family, tenant: tenant, segment: segment, networks: tried.map { shelves[$0].network })
            }
            choices.append(choice)
        }
        guard !choices.isEmpty else {
            counters.failures += 1
            throw .noNetwork(tenant: tenant)
        }
        let held = choices.compactMap { take($0, owner, tenancy) }
        holdings[owner] = held
        return held.map(allocation)
    }

    /// Notes that `owner` has `address` already, as journal or kernel tell after a restart.
    ///
    /// The block need not be known yet: the address is kept for its owner and joins its block when that comes.
    /// Returns false, and changes nothing, when another owner has the address.
    @discardableResult
    public mutating func claim(owner: String, address: IPAddress, tenant: String, segment: String) -> Bool {
        if let other = owners[address] { return other == owner }
        let tenancy = Tenancy(tenant, segment)
        let slot = slotsByPrefix.first { $0.key.contains(address) }?.value
        owners[address] = owner
        holdings[owner, default: []].append(Holding(address: address, slot: slot))
        holdings[owner]?.sort { $0.address < $1.address }
        if let slot {
            _ = use(address, in: slot, tenancy)
        } else {
            strays[address] = tenancy
        }
        return true
    }

    /// Ends all use of addresses by `owner` and returns them; they cool down from `now` on.
    public mutating func release(owner: String, now: UInt64) -> [IPAddress] {
        latest = max(latest, now)
        let held = holdings.removeValue(forKey: owner) ?? []
        for holding in held {
            owners[holding.address] = nil
            strays[holding.address] = nil
            counters.releases += 1
            guard let slot = holding.slot else { continue }
            release(holding.address, from: slot, now: now)
        }
        return held.map(\.address)
    }

    /// The shelves of one family that serve a tenant, in the order they are tried.
    private func shelves(serving tenant: String, _ family: AddressFamily) -> [Int] {
        guard let own = named[tenant]?[family] else { return open[family] ?? [] }
        return own + (open[family] ?? [])
    }

    private mutating func choose(_ tenancy: Tenancy, _ tried: [Int], cooled: UInt64?) -> Choice? {
        for shelf in tried {
            if let choice = lowestIdle(shelves[shelf].tagged[tenancy] ?? [], cooled: cooled)
                ?? lowestIdle(shelves[shelf].emptied, cooled: cooled)
                ?? lowestIdle(shelves[shelf].fresh, cooled: cooled)
            {
                return choice
            }
        }
        for shelf in tried {
            let own = shelves[shelf].tagged[tenancy] ?? []
            if let choice = longestIdle(own + shelves[shelf].untagged) { return choice }
        }
        for shelf in tried {
            let others = shelves[shelf].tagged.filter { $0.key != tenancy }.values.joined().sorted()
            if var choice = emptiest(others, cooled: cooled) ?? longestIdle(others) {
                choice.isShared = true
                return choice
            }
        }
        return nil
    }

    /// The lowest cooled address of the first block that has one.
    private mutating func lowestIdle(_ candidates: [Int], cooled: UInt64?) -> Choice? {
        for slot in candidates where !pools[slot].isExhausted {
            pools[slot].thaw(releasedBy: cooled)
            if let offset = pools[slot].lowestIdle() { return Choice(slot: slot, offset: offset) }
        }
        return nil
    }

    /// The address that has been idle longest of those that cool down in some blocks.
    private func longestIdle(_ candidates: [Int]) -> Choice? {
        var best: (choice: Choice, since: UInt64)?
        for slot in candidates {
            guard let longest = pools[slot].longestCooling, longest.since < best?.since ?? .max else { continue }
            best = (Choice(slot: slot, offset: longest.offset, isWarm: true), longest.since)
        }
        return best?.choice
    }

    /// The lowest cooled address of the block that has most of them, so that its owner feels the guest least.
    private mutating func emptiest(_ candidates: [Int], cooled: UInt64?) -> Choice? {
        for slot in candidates { pools[slot].thaw(releasedBy: cooled) }
        guard let best = candidates.max(by: { pools[$0].idleCount < pools[$1].idleCount }) else { return nil }
        return pools[best].lowestIdle().map { Choice(slot: best, offset: $0) }
    }

    private mutating func take(_ choice: Choice, _ owner: String, _ tenancy: Tenancy) -> Holding? {
        guard let address = slots[choice.slot]?.record.cidr.first.advanced(by: UInt128(choice.offset)),
            let shelf = use(address, in: choice.slot, tenancy)
        else { return nil }
        owners[address] = owner
        counters.allocations += 1
        if choice.isWarm { counters.warm += 1 }
        if choice.isShared { counters.shared += 1 }
        if choice.isWarm || choice.isShared {
            shelves[shelf].unserved.insert(tenancy)
        } else if !shelves[shelf].unserved.isEmpty {
            shelves[shelf].unserved.remove(tenancy)
        }
        return Holding(address: address, slot: choice.slot)
    }

    /// Takes an address of a known block into use, tags the block if nobody has, and returns its shelf.
    mutating func use(_ address: IPAddress, in slot: Int, _ tenancy: Tenancy) -> Int? {
        guard let cidr = slots[slot]?.record.cidr, let shelf = slots[slot]?.shelf else { return nil }
        // What lies beyond the pool of a wide block is in nobody's way.
        if let offset = cidr.offset(address, below: pools[slot].size), !pools[slot].take(offset) { return nil }
        slots[slot]?.record.allocated += 1
        slots[slot]?.idleSightings = 0
        slots[slot]?.isDirty = true
        if slots[slot]?.tenancy == nil {
            shelves[shelf].remove(slot, of: nil)
            shelves[shelf].tagged[tenancy, default: []].append(slot)
            slots[slot]?.tenancy = tenancy
        }
        return shelf
    }

    /// Ends the use of an address; a block that is empty then loses its tag and is anybody's.
    private mutating func release(_ address: IPAddress, from slot: Int, now: UInt64) {
        guard let cidr = slots[slot]?.record.cidr else { return }
        if let offset = cidr.offset(address, below: pools[slot].size) { pools[slot].release(offset, now: now) }
        slots[slot]?.record.allocated -= 1
        slots[slot]?.isDirty = true
        guard slots[slot]?.isEmpty == true, let tenancy = slots[slot]?.tenancy, let shelf = slots[slot]?.shelf else {
            return
        }
        shelves[shelf].remove(slot, of: tenancy)
        shelves[shelf].emptied.append(slot)
        slots[slot]?.tenancy = nil
    }
}
