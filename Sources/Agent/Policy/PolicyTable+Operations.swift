import Addresses
import Nftables
import Policies

/// Changes as operations, in the order in which one transaction can have them.
extension PolicyTable {
    /// What nothing refers to yet.
    func additions(_ change: ProgramChange) -> [NftOperation] {
        var operations: [NftOperation] = []
        for set in change.addedRanges where !ranges.contains(set.name) { operations += Self.operations(set) }
        operations += members(change.addedMembers, isNew: true)
        operations += ports(change.addedPorts, isNew: true)
        for chain in change.addedChains where !chains.contains(chain.name) {
            operations += chain.operations(settings)
        }
        return operations
    }

    /// Entries that lead elsewhere from now on.
    func turns(_ change: ProgramChange) -> [NftOperation] {
        var old: [NftSet: [NftElement]] = [:]
        var new: [NftSet: [NftElement]] = [:]
        for (entry, target) in change.entries where entries[entry] != target {
            let set = PolicyObjects.entries(entry.direction, entry.address.family)
            if let present = entries[entry] { old[set, default: []].append(Self.element(entry, present)) }
            if let target { new[set, default: []].append(Self.element(entry, target)) }
        }
        return old.map { .deleteElements($0.key, $0.value) } + new.map { .addElements($0.key, $0.value) }
    }

    /// What nothing refers to any more.
    ///
    /// Before it is known what an earlier agent's leftovers are for, nothing goes.
    func removals(_ change: ProgramChange) -> [NftOperation] {
        guard leftovers == nil else { return [] }
        return change.removedChains.map { .deleteChain($0) } + members(change.removedMembers, isNew: false)
            + ports(change.removedPorts, isNew: false) + change.removedRanges.map { .deleteSet($0) }
    }

    /// A pod's link and addresses together, and each address with itself.
    func placement(_ place: PodPlace, isNew: Bool) -> [NftOperation] {
        links(place.links, isNew: isNew) + own(place.addresses, isNew: isNew)
    }

    /// Elements of the sets of links.
    func links(_ links: some Collection<LinkAddress>, isNew: Bool) -> [NftOperation] {
        AddressFamily.allCases.flatMap { family in
            Self.sliced(
                links.lazy.filter { $0.address.family == family }.map {
                    NftElement([.interface($0.index), .address($0.address)])
                }, PolicyObjects.links(family), isNew)
        }
    }

    /// Elements of the sets of addresses that reach themselves.
    func own(_ addresses: some Collection<IPAddress>, isNew: Bool) -> [NftOperation] {
        AddressFamily.allCases.flatMap { family in
            Self.sliced(
                addresses.lazy.filter { $0.family == family }.map { NftElement([.address($0), .address($0)]) },
                PolicyObjects.own(family), isNew)
        }
    }

    /// Elements of the sets of members.
    func members(_ members: some Collection<ProgramChange.Member>, isNew: Bool) -> [NftOperation] {
        AddressFamily.allCases.flatMap { family in
            Self.sliced(
                members.lazy.filter { $0.address.family == family }.map {
                    NftElement([.mark($0.number), .address($0.address)])
                }, PolicyObjects.members(family), isNew)
        }
    }

    /// Elements of the sets of named ports.
    func ports(_ ports: some Collection<ProgramChange.Port>, isNew: Bool) -> [NftOperation] {
        AddressFamily.allCases.flatMap { family in
            Self.sliced(
                ports.lazy.filter { $0.address.family == family }.map {
                    NftElement([.mark($0.number), .address($0.address), .service($0.port)])
                }, PolicyObjects.ports(family), isNew)
        }
    }

    private static func sliced(
        _ elements: some Sequence<NftElement>, _ set: NftSet, _ isNew: Bool
    ) -> [NftOperation] {
        var operations: [NftOperation] = []
        var part: [NftElement] = []
        func flush() {
            if part.isEmpty { return }
            operations.append(isNew ? .addElements(set, part) : .deleteElements(set, part))
            part = []
        }
        for element in elements {
            part.append(element)
            if part.count == 4_000 { flush() }
        }
        flush()
        return operations
    }

    // `nft add set inet romana block-HASH { type ipv4_addr; flags interval; elements = { ... } }`
    static func operations(_ set: RangeSet) -> [NftOperation] {
        let object = PolicyObjects.ranges(set.name, set.family)
        return [.addSet(object), .addElements(object, elements(set.ranges))]
    }

    /// Ranges as the kernel wants them: where each begins, and the first address behind it.
    static func elements(_ ranges: [AddressRange]) -> [NftElement] {
        ranges.flatMap { range in
            [NftElement([.address(range.first)])]
                + (range.last.advanced(by: 1).map { [NftElement([.address($0)], endsRange: true)] } ?? [])
        }
    }

    static func element(_ entry: ProgramChange.Entry, _ target: ProgramChange.Target) -> NftElement {
        let verdict: NftVerdict =
            switch target {
            case .open: .accept
            case .chain(let name): .goto(name)
            }
        return NftElement([.address(entry.address)], .verdict(verdict))
    }

    /// The other way round; nil for what the agent does not write.
    static func target(_ content: NftElement.Content) -> ProgramChange.Target? {
        switch content {
        case .verdict(.accept): .open
        case .verdict(.goto(let name)): .chain(name)
        default: nil
        }
    }
}
