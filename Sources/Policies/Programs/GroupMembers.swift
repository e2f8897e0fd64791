import Addresses

/// The members of a group, and the ports that they name.
///
/// Most members name no port and have IPv4 addresses; there are tens of thousands of them on a node, so these take no
/// more than their four bytes in a set.
struct GroupMembers: Sendable {
    private var plain: Set<IPv4Address> = []
    private var plainIPv6: Set<IPv6Address> = []
    /// Those that name ports.
    private var named: [IPAddress: [PodRecord.NamedPort]] = [:]

    /// The ports of a member, nil for an address that is no member.
    subscript(address: IPAddress) -> [PodRecord.NamedPort]? {
        get { holdsPlain(address) ? [] : named[address] }
        set {
            setPlain(address, newValue?.isEmpty ?? false)
            named[address] = newValue?.isEmpty == false ? newValue : nil
        }
    }

    /// How many members have an address of a family.
    func count(_ family: AddressFamily) -> Int {
        (family == .ipv4 ? plain.count : plainIPv6.count) + named.keys.count { $0.family == family }
    }

    private func holdsPlain(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let address): plain.contains(address)
        case .v6(let address): plainIPv6.contains(address)
        }
    }

    private mutating func setPlain(_ address: IPAddress, _ isMember: Bool) {
        switch (address, isMember) {
        case (.v4(let address), true): plain.insert(address)
        case (.v4(let address), false): plain.remove(address)
        case (.v6(let address), true): plainIPv6.insert(address)
        case (.v6(let address), false): plainIPv6.remove(address)
        }
    }
}

extension GroupMembers: Sequence {
    /// Gives every member once.
    struct Iterator: IteratorProtocol {
        var plain: Set<IPv4Address>.Iterator
        var plainIPv6: Set<IPv6Address>.Iterator
        var named: [IPAddress: [PodRecord.NamedPort]].Iterator

        mutating func next() -> (address: IPAddress, ports: [PodRecord.NamedPort])? {
            if let address = plain.next() { return (.v4(address), []) }
            if let address = plainIPv6.next() { return (.v6(address), []) }
            return named.next().map { ($0.key, $0.value) }
        }
    }

    func makeIterator() -> Iterator {
        Iterator(plain: plain.makeIterator(), plainIPv6: plainIPv6.makeIterator(), named: named.makeIterator())
    }
}
