public import Addresses

extension NodePolicies {
    /// All members of a group, and that they are all.
    public mutating func setGroup(_ key: String, _ members: [IPAddress: [PodRecord.NamedPort]]) {
        for (address, _) in groups[key]?.members ?? GroupMembers() where members[address] == nil {
            setMember(key, address, nil)
        }
        for (address, ports) in members { setMember(key, address, ports) }
        setReady(key, true)
    }

    /// Whether all members of a group are known.
    public mutating func setReady(_ key: String, _ isReady: Bool) {
        guard groups[key, default: Group()].isReady != isReady else { return }
        groups[key, default: Group()].isReady = isReady
        guard isReady else { return }
        for id in pending where self.isReady(id) { apply(id) }
    }

    /// One member of a group came, changed its named ports or (nil) went.
    public mutating func setMember(_ key: String, _ address: IPAddress, _ ports: [PodRecord.NamedPort]?) {
        let old = groups[key]?.members[address]
        guard old != ports else { return }
        groups[key, default: Group()].members[address] = ports
        for number in numbersOfGroup[key] ?? [] {
            guard let meaning = numbering[number] else { continue }
            switch (meaning, old, ports) {
            case (.members, nil, let ports?): add(number, meaning, address, ports)
            case (.members, let old?, nil): remove(number, meaning, address, old)
            case (.members, _, _): break
            case (.ports, _, _):
                let before = Set(Self.ports(meaning, old ?? []))
                let after = Set(Self.ports(meaning, ports ?? []))
                for port in before.subtracting(after) { removePort(number, address, port) }
                for port in after.subtracting(before) { addPort(number, address, port) }
            }
        }
    }

    /// Nobody asks for a group any more.
    public mutating func dropGroup(_ key: String) {
        guard groupUsers[key] == nil else { return }
        groups[key] = nil
    }

    mutating func add(_ number: UInt32, _ meaning: SetNumber, _ address: IPAddress, _ ports: [PodRecord.NamedPort]) {
        guard families.contains(address.family) else { return }
        switch meaning {
        case .members:
            let member = ProgramChange.Member(number: number, address: address)
            if memberChanges[member] == false { memberChanges[member] = nil } else { memberChanges[member] = true }
        case .ports:
            for port in Set(Self.ports(meaning, ports)) { addPort(number, address, port) }
        }
    }

    mutating func remove(
        _ number: UInt32, _ meaning: SetNumber, _ address: IPAddress, _ ports: [PodRecord.NamedPort]
    ) {
        guard families.contains(address.family) else { return }
        switch meaning {
        case .members:
            let member = ProgramChange.Member(number: number, address: address)
            if memberChanges[member] == true { memberChanges[member] = nil } else { memberChanges[member] = false }
            change.narrowed.insert(address)
        case .ports:
            for port in Set(Self.ports(meaning, ports)) { removePort(number, address, port) }
        }
    }

    private mutating func addPort(_ number: UInt32, _ address: IPAddress, _ port: UInt16) {
        let item = ProgramChange.Port(number: number, address: address, port: port)
        if portChanges[item] == false { portChanges[item] = nil } else { portChanges[item] = true }
    }

    private mutating func removePort(_ number: UInt32, _ address: IPAddress, _ port: UInt16) {
        let item = ProgramChange.Port(number: number, address: address, port: port)
        if portChanges[item] == true { portChanges[item] = nil } else { portChanges[item] = false }
        change.narrowed.insert(address)
    }

    private static func ports(_ meaning: SetNumber, _ ports: [PodRecord.NamedPort]) -> [UInt16] {
        guard case .ports(_, let name, let transport) = meaning else { return [] }
        return ports.filter { $0.name == name && $0.transport == transport }.map(\.port)
    }
}
