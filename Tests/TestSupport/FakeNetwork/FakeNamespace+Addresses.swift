import Addresses
import LinuxSystem
import Netlink

extension FakeNamespace {
    mutating func add(_ address: InterfaceAddress) throws(Errno) {
        _ = try link(address.interface)
        guard (0...address.address.family.bits).contains(address.prefixLength) else { throw .EINVAL }
        guard !addresses.contains(where: { Self.isSame($0, address) }) else { throw .EEXIST }
        var address = address
        if address.address.family == .ipv4 { address.noDAD = false }
        if address.scope == nil { address.scope = Self.scope(of: address.address) }
        addresses.append(address)
    }

    mutating func delete(_ address: InterfaceAddress) throws(Errno) {
        _ = try link(address.interface)
        guard let place = addresses.firstIndex(where: { Self.isSame($0, address) }) else { throw .EADDRNOTAVAIL }
        addresses.remove(at: place)
    }

    /// IPv4 tells addresses with other prefix lengths apart, IPv6 does not.
    private static func isSame(_ one: InterfaceAddress, _ other: InterfaceAddress) -> Bool {
        one.interface == other.interface && one.address == other.address
            && (one.address.family == .ipv6 || one.prefixLength == other.prefixLength)
    }

    private static func scope(of address: IPAddress) -> RouteScope {
        switch address {
        case .v4(let address): address.rawValue >> 24 == 127 ? .host : .global
        case .v6(let address):
            address.rawValue == 1 ? .host : address.rawValue >> 118 == 0xfe80 >> 6 ? .link : .global
        }
    }

    mutating func replace(_ neighbour: Neighbour) throws(Errno) {
        _ = try link(neighbour.interface)
        var neighbour = neighbour
        neighbour.isPermanent = true
        if let place = place(of: neighbour) {
            neighbours[place] = neighbour
        } else {
            neighbours.append(neighbour)
        }
    }

    mutating func delete(_ neighbour: Neighbour) throws(Errno) {
        _ = try link(neighbour.interface)
        guard let place = place(of: neighbour) else { throw .ENOENT }
        neighbours.remove(at: place)
    }

    private func place(of neighbour: Neighbour) -> Int? {
        neighbours.firstIndex { $0.interface == neighbour.interface && $0.address == neighbour.address }
    }

    mutating func add(_ rule: RoutingRule) throws(Errno) {
        guard !rules.contains(rule) else { throw .EEXIST }
        rules.append(rule)
    }

    mutating func delete(_ rule: RoutingRule) throws(Errno) {
        guard let place = rules.firstIndex(of: rule) else { throw .ENOENT }
        rules.remove(at: place)
    }
}
