public import Addresses

extension NodeBlocks {
    /// An address that would do, and why it was chosen.
    private struct Choice {
        var block: IPPrefix
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
        if holdings[owner] != nil { return allocations(of: owner) }
        let tenancy = Tenancy(tenant, segment)
        var choices: [Choice] = []
        for family in AddressFamily.allCases {
            let names = networkNames(serving: tenant, family)
            guard !names.isEmpty else { continue }
            guard let choice = choose(tenancy, names, cooled: cooled(at: now)) else {
                counters.failures += 1
                shelves[names[0], default: NetworkShelf()].unserved.insert(tenancy)
                throw .noAddress(family: family, tenant: tenant, segment: segment, networks: names)
            }
            choices.append(choice)
        }
        guard !choices.isEmpty else {
            counters.failures += 1
            throw .noNetwork(tenant: tenant)
        }
        for choice in choices { take(choice, owner, tenancy) }
        return allocations(of: owner)
    }

    /// Notes that `owner` has `address` already, as journal or kernel tell after a restart.
    ///
    /// The block need not be known yet: the address is kept for its owner and joins its block when that comes.
    /// Returns false, and changes nothing, when another owner has the address.
    @discardableResult
    public mutating func claim(owner: String, address: IPAddress, tenant: String, segment: String) -> Bool {
        if let other = owners[address] { return other == owner }
        let tenancy = Tenancy(tenant, segment)
        let block = blocks.keys.first { $0.contains(address) }
        owners[address] = owner
        holdings[owner, default: []].append(Holding(address: address, block: block))
        holdings[owner]?.sort { $0.address < $1.address }
        if let block {
            use(address, in: block, tenancy)
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
            guard let block = holding.block else { continue }
            blocks[block]?.release(holding.address, now: now)
            dirty.insert(block)
            if blocks[block]?.isEmpty == true { untag(block) }
        }
        return held.map(\.address)
    }

    /// Names of the networks of one family that serve a tenant, in the order they are tried.
    func networkNames(serving tenant: String, _ family: AddressFamily) -> [String] {
        (named[tenant]?[family] ?? []) + (open[family] ?? [])
    }

    private mutating func choose(_ tenancy: Tenancy, _ names: [String], cooled: UInt64?) -> Choice? {
        for name in names {
            guard let shelf = shelves[name] else { continue }
            for list in [shelf.tagged[tenancy] ?? [], shelf.emptied, shelf.fresh] {
                for block in list {
                    blocks[block]?.pool.thaw(releasedBy: cooled)
                    if let offset = blocks[block]?.pool.lowestIdle() { return Choice(block: block, offset: offset) }
                }
            }
        }
        for name in names {
            guard let shelf = shelves[name] else { continue }
            if let choice = longestIdle((shelf.tagged[tenancy] ?? []) + shelf.untagged) { return choice }
        }
        for name in names {
            guard let shelf = shelves[name] else { continue }
            let others = shelf.tagged.filter { $0.key != tenancy }.values.joined().sorted()
            if var choice = emptiest(others, cooled: cooled) ?? longestIdle(others) {
                choice.isShared = true
                return choice
            }
        }
        return nil
    }

    /// The address that has been idle longest of those that cool down in some blocks.
    private func longestIdle(_ candidates: [IPPrefix]) -> Choice? {
        var best: (choice: Choice, since: UInt64)?
        for block in candidates {
            guard let longest = blocks[block]?.pool.longestCooling, longest.since < best?.since ?? .max else {
                continue
            }
            best = (Choice(block: block, offset: longest.offset, isWarm: true), longest.since)
        }
        return best?.choice
    }

    /// The lowest cooled address of the block that has most of them, so that its owner feels the guest least.
    private mutating func emptiest(_ candidates: [IPPrefix], cooled: UInt64?) -> Choice? {
        for block in candidates { blocks[block]?.pool.thaw(releasedBy: cooled) }
        let best = candidates.max { (blocks[$0]?.pool.idleCount ?? 0) < (blocks[$1]?.pool.idleCount ?? 0) }
        return best.flatMap { block in
            blocks[block]?.pool.lowestIdle().map { Choice(block: block, offset: $0) }
        }
    }

    private mutating func take(_ choice: Choice, _ owner: String, _ tenancy: Tenancy) {
        guard let address = blocks[choice.block]?.address(choice.offset),
            let network = blocks[choice.block]?.record.network
        else { return }
        owners[address] = owner
        holdings[owner, default: []].append(Holding(address: address, block: choice.block))
        use(address, in: choice.block, tenancy)
        counters.allocations += 1
        if choice.isWarm { counters.warm += 1 }
        if choice.isShared { counters.shared += 1 }
        if choice.isWarm || choice.isShared {
            shelves[network]?.unserved.insert(tenancy)
        } else {
            shelves[network]?.unserved.remove(tenancy)
        }
    }

    /// Takes an address of a known block into use and tags the block if nobody has.
    mutating func use(_ address: IPAddress, in block: IPPrefix, _ tenancy: Tenancy) {
        guard blocks[block]?.take(address) == true else { return }
        dirty.insert(block)
        guard let taken = blocks[block], taken.tenancy == nil else { return }
        shelves[taken.record.network]?.remove(block, of: nil)
        shelves[taken.record.network]?.tagged[tenancy, default: []].append(block)
        blocks[block]?.tenancy = tenancy
    }

    /// Takes the tag off an empty block, which is then anybody's.
    private mutating func untag(_ block: IPPrefix) {
        guard let emptied = blocks[block], let tenancy = emptied.tenancy else { return }
        shelves[emptied.record.network]?.remove(block, of: tenancy)
        shelves[emptied.record.network]?.emptied.append(block)
        blocks[block]?.tenancy = nil
    }
}
