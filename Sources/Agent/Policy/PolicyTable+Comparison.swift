import Addresses
import Nftables
import Policies

/// Comparing the table with the kernel: when the agent starts, and whenever there is doubt.
extension PolicyTable {
    /// Reads what an earlier agent left, and writes the chains that are the same everywhere.
    ///
    /// Pods that stand (by id) are let on with what they have.
    mutating func recover(_ standing: [Attachment]) throws(NftError) {
        policies.widen(standing.flatMap { $0.addresses.map(\.address.family) })
        self.standing = Dictionary(standing.map { ($0.key.description, $0) }, uniquingKeysWith: { $1 })
        let found = try kernel.chains()
        if let found, settings.isEnforced {
            try readKernel(found)
            isDispatching = found.contains(PolicyObjects.toPods)
        } else if found != nil {
            // Nothing of policy is to stay: the whole table goes, and comes back without, in one step.
            try kernel.commit([.deleteTable, .addTable])
        }
        try installFrame()
        generation = try kernel.generation()
    }

    /// The chains that are the same everywhere, as far as they are to be there now.
    var frame: [NftOperation] {
        let frame = PolicyFrame(settings: settings, translationLink: translationLink)
        return frame.base + (isDispatching ? frame.dispatch : [])
    }

    /// Writes the chains that are the same everywhere, and the pods that must be in the sets that these look into.
    private mutating func installFrame() throws(NftError) {
        let places = allPlaces
        var operations = frame
        for (_, place) in places { operations += placement(place, isNew: true) }
        operations += networkOperations() + mappingOperations(places.map(\.0))
        try transact(operations)
        pods = Dictionary(places, uniquingKeysWith: { $1 })
    }

    /// Sends packets through policies from now on.
    mutating func startDispatching() throws(NftError) {
        guard !isDispatching, settings.isEnforced else { return }
        try transact(PolicyFrame(settings: settings, translationLink: translationLink).dispatch)
        isDispatching = true
    }

    /// Which link translates, and which networks the cluster has.
    mutating func setSurroundings(link: String?, networks: [IPPrefix]) throws(NftError) {
        let link = settings.translationLink ?? link
        guard link != translationLink || networks != self.networks else { return }
        translationLink = link
        self.networks = networks
        policies.widen(networks.map(\.family))
        try transact(
            PolicyFrame(settings: settings, translationLink: link).base + networkOperations())
    }

    // `nft flush set inet romana networks4; nft add element inet romana networks4 { 10.112.0.0/12 }; ...`
    private func networkOperations() -> [NftOperation] {
        networkElements.flatMap { set, elements -> [NftOperation] in
            [.flushSet(set.name)] + (elements.isEmpty ? [] : [.addElements(set, elements)])
        }
    }

    /// What the sets of networks are to hold.
    var networkElements: [(NftSet, [NftElement])] {
        AddressFamily.allCases.flatMap { family -> [(NftSet, [NftElement])] in
            let own = RangeSet(prefixes: networks, family)?.ranges ?? []
            let all = RangeSet(prefixes: networks + settings.serviceRanges, family)?.ranges ?? []
            return [
                (PolicyObjects.networks(family), Self.elements(own)),
                (PolicyObjects.untranslated(family), Self.elements(all)),
            ]
        }
    }

    private mutating func readKernel(_ found: [String]) throws(NftError) {
        chains = Set(found.filter { name in PolicyObjects.chainPrefixes.contains { name.hasPrefix($0) } })
        let sets = Set(try kernel.sets())
        ranges = sets.filter { $0.hasPrefix(PolicyObjects.rangesPrefix) }
        var left = Leftovers()
        entries = [:]
        for family in AddressFamily.allCases {
            for direction in NetworkPolicy.Direction.allCases {
                let set = PolicyObjects.entries(direction, family)
                for element in sets.contains(set.name) ? try kernel.elements(of: set) : [] {
                    guard case .address(let address)? = element.key.first else { continue }
                    guard let target = Self.target(element.content) else {
                        left.strange.append((set, element.key))
                        continue
                    }
                    entries[ProgramChange.Entry(direction: direction, address: address)] = target
                }
            }
            let members = PolicyObjects.members(family)
            for element in sets.contains(members.name) ? try kernel.elements(of: members) : [] {
                guard case .mark(let number) = element.key[0], case .address(let address) = element.key[1] else {
                    continue
                }
                left.members.insert(ProgramChange.Member(number: number, address: address))
            }
            let ports = PolicyObjects.ports(family)
            for element in sets.contains(ports.name) ? try kernel.elements(of: ports) : [] {
                guard case .mark(let number) = element.key[0], case .address(let address) = element.key[1],
                    case .service(let port) = element.key[2]
                else { continue }
                left.ports.insert(ProgramChange.Port(number: number, address: address, port: port))
            }
            let links = PolicyObjects.links(family)
            for element in sets.contains(links.name) ? try kernel.elements(of: links) : [] {
                guard case .interface(let index) = element.key[0], case .address(let address) = element.key[1] else {
                    continue
                }
                left.links.insert(LinkAddress(index: index, address: address))
            }
            let own = PolicyObjects.own(family)
            for element in sets.contains(own.name) ? try kernel.elements(of: own) : [] {
                guard case .address(let address) = element.key[0], element.key[1] == element.key[0] else {
                    left.strange.append((own, element.key))
                    continue
                }
                left.own.insert(address)
            }
        }
        leftovers = left
    }

    /// Removes what an earlier agent left and nothing wants: once everything that the pods need is known.
    mutating func sweep() throws(NftError) {
        guard let left = leftovers else { return }
        try compare(left)
        leftovers = nil
    }

    /// Makes the kernel hold exactly what is wanted, whatever it holds.
    mutating func rebuild() throws(NftError) {
        counters.rebuilt += 1
        _ = policies.takeChange()
        guard let found = try kernel.chains() else {
            // Somebody removed the table. Until it is whole again nobody may go unpoliced, so dispatch is part of the frame.
            entries = [:]
            chains = []
            ranges = []
            leftovers = nil
            try installFrame()
            try compare(Leftovers())
            isInDoubt = false
            return
        }
        try readKernel(found)
        let left = leftovers ?? Leftovers()
        leftovers = nil
        try installFrame()
        try compare(left)
        isInDoubt = false
    }

    private mutating func compare(_ left: Leftovers) throws(NftError) {
        var change = ProgramChange()
        let wantedChains = policies.allChains
        let chainNames = Set(wantedChains.map(\.name))
        change.addedChains = wantedChains.filter { !chains.contains($0.name) }
        // Those that lead to parts go before the parts.
        change.removedChains = chains.subtracting(chainNames).sorted {
            ($0.contains("-part-") ? 1 : 0, $0) < ($1.contains("-part-") ? 1 : 0, $1)
        }
        let wantedRanges = policies.allRanges
        change.addedRanges = wantedRanges.filter { !ranges.contains($0.name) }
        change.removedRanges = Array(ranges.subtracting(wantedRanges.map(\.name)))
        let members = policies.allMembers
        change.addedMembers = Array(members.subtracting(left.members))
        change.removedMembers = Array(left.members.subtracting(members))
        let ports = policies.allPorts
        change.addedPorts = Array(ports.subtracting(left.ports))
        change.removedPorts = Array(left.ports.subtracting(ports))
        let wanted = policies.allEntries
        let standing = Set(pods.values.flatMap(\.addresses))
        for (entry, target) in wanted { change.entries[entry] = .some(target) }
        for entry in entries.keys where wanted[entry] == nil && !standing.contains(entry.address) {
            change.entries[entry] = .some(nil)
        }
        // A pod of which nothing is known keeps what it has, and so do the chains that its entries lead to.
        let kept = Set(
            entries.compactMap { entry, target -> String? in
                guard wanted[entry] == nil, standing.contains(entry.address), case .chain(let name) = target else {
                    return nil
                }
                return name
            })
        holdsMore = !kept.isEmpty
        if holdsMore {
            change.removedChains = []
            change.removedMembers = []
            change.removedPorts = []
            change.removedRanges = []
        }
        leftovers = nil
        var operations: [NftOperation] = left.strange.map { .deleteElements($0.set, [NftElement($0.key)]) }
        operations += additions(change) + turns(change)
        operations += links(left.links.subtracting(pods.values.flatMap(\.links)), isNew: false)
        operations += own(left.own.subtracting(standing), isNew: false)
        operations += removals(change)
        if !operations.isEmpty { try transact(operations) }
        for set in change.addedRanges { ranges.insert(set.name) }
        for chain in change.addedChains { chains.insert(chain.name) }
        for (entry, target) in change.entries { entries[entry] = target }
        chains.subtract(change.removedChains)
        ranges.subtract(change.removedRanges)
    }
}
