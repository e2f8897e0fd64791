public import Addresses

/// Everything that the kernel should have, for comparing it with what it has.
extension NodePolicies {
    /// Every chain, parts before those that lead to them.
    public var allChains: [PolicyChain] {
        chains.values.map(\.chain).sorted { ($0.end == .back ? 0 : 1, $0.name) < ($1.end == .back ? 0 : 1, $1.name) }
    }

    /// A chain that is wanted, by its name.
    public func chain(_ name: String) -> PolicyChain? { chains[name]?.chain }

    /// How many members of a family ``allMembers`` are.
    public func memberCount(_ family: AddressFamily) -> Int {
        guard families.contains(family) else { return 0 }
        var count = 0
        for (group, numbers) in numbersOfGroup {
            for number in numbers {
                guard case .members? = numbering[number] else { continue }
                count += groups[group]?.members.count(family) ?? 0
            }
        }
        return count
    }

    /// Every set of ranges.
    public var allRanges: [RangeSet] { ranges.values.map(\.set) }

    /// Where the traffic of every attached pod goes.
    public var allEntries: [ProgramChange.Entry: ProgramChange.Target] {
        var entries: [ProgramChange.Entry: ProgramChange.Target] = [:]
        for pod in pods.values {
            for address in pod.addresses {
                for direction in NetworkPolicy.Direction.allCases {
                    entries[ProgramChange.Entry(direction: direction, address: address)] = target(
                        pod.applied[direction])
                }
            }
        }
        return entries
    }

    /// Every member of every group in use, under its number.
    public var allMembers: Set<ProgramChange.Member> {
        var members: Set<ProgramChange.Member> = []
        for (group, numbers) in numbersOfGroup {
            for number in numbers {
                guard case .members? = numbering[number] else { continue }
                for (address, _) in groups[group]?.members ?? GroupMembers() where families.contains(address.family) {
                    members.insert(ProgramChange.Member(number: number, address: address))
                }
            }
        }
        return members
    }

    /// Every named port of every group in use, under its number.
    public var allPorts: Set<ProgramChange.Port> {
        var ports: Set<ProgramChange.Port> = []
        for (group, numbers) in numbersOfGroup {
            for number in numbers {
                guard case .ports(_, let name, let transport)? = numbering[number] else { continue }
                for (address, named) in groups[group]?.members ?? GroupMembers() where families.contains(address.family)
                {
                    for port in named where port.name == name && port.transport == transport {
                        ports.insert(ProgramChange.Port(number: number, address: address, port: port.port))
                    }
                }
            }
        }
        return ports
    }
}
