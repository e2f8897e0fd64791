import Addresses
import LinuxSystem
import Netlink

extension FakeMachine {
    static func isName(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count) && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 <= 32 }
    }

    private static func isMTU(_ mtu: UInt32) -> Bool { (68...65535).contains(mtu) }

    mutating func addVeth(
        _ pair: VethPair, in identity: NetworkNamespace.Identity
    ) throws(Errno) -> VethIndexes {
        guard Self.isName(pair.hostName), Self.isName(pair.peerName) else { throw .EINVAL }
        guard pair.mtu.map(Self.isMTU) ?? true else { throw .EINVAL }
        guard !pair.hostMAC.isMulticast, !pair.peerMAC.isMulticast else { throw .EADDRNOTAVAIL }
        guard let far = Self.identity(pair.peerNamespace) else { throw .EBADF }
        guard namespaces[far] != nil else { throw .EINVAL }
        guard namespaces[identity]?.index(of: pair.hostName) == nil, namespaces[far]?.index(of: pair.peerName) == nil,
            far != identity || pair.hostName != pair.peerName
        else { throw .EEXIST }
        let peer = addLink(pair.peerName, pair.peerMAC, pair, in: far)
        let host = addLink(pair.hostName, pair.hostMAC, pair, in: identity)
        namespaces[identity]?.links[host]?.isUp = true
        namespaces[identity]?.links[host]?.group = pair.group
        join(FakeEnd(identity: identity, index: host), FakeEnd(identity: far, index: peer))
        return VethIndexes(host: host, peer: peer)
    }

    private mutating func addLink(
        _ name: String, _ mac: MACAddress, _ pair: VethPair, in identity: NetworkNamespace.Identity
    ) -> UInt32 {
        let index = namespaces[identity]?.nextIndex ?? 0
        namespaces[identity]?.nextIndex += 1
        namespaces[identity]?.links[index] = Link(
            index: index, name: name, kind: "veth", mac: mac, mtu: pair.mtu ?? 1500, addressGeneration: .eui64)
        return index
    }

    private mutating func join(_ one: FakeEnd, _ other: FakeEnd) {
        for (end, peer) in [(one, other), (other, one)] {
            namespaces[end.identity]?.peers[end.index] = peer
            namespaces[end.identity]?.links[end.index]?.peerIndex = peer.index
        }
    }

    mutating func set(_ change: LinkChange, in identity: NetworkNamespace.Identity) throws(Errno) {
        guard var namespace = namespaces[identity] else { throw .ENODEV }
        var link = try namespace.link(change.index)
        if let name = change.name, name != link.name {
            guard Self.isName(name) else { throw .EINVAL }
            guard namespace.index(of: name) == nil else { throw .EEXIST }
            guard !link.isUp else { throw .EBUSY }
            link.name = name
        }
        if let mtu = change.mtu {
            guard link.isLoopback || Self.isMTU(mtu) else { throw .EINVAL }
            link.mtu = mtu
        }
        if let alias = change.alias {
            guard alias.utf8.count < 256 else { throw .EINVAL }
            link.alias = alias.isEmpty ? nil : alias
        }
        if let group = change.group { link.group = group }
        if let mode = change.addressGeneration { link.addressGeneration = mode }
        if let isUp = change.isUp, isUp != link.isUp {
            link.isUp = isUp
            if !isUp { namespace.forgetLink(link.index, keepingIPv4Addresses: true) }
        }
        namespace.links[link.index] = link
        namespaces[identity] = namespace
        refreshCarrier(FakeEnd(identity: identity, index: link.index))
    }

    /// A veth has a carrier while both ends are up, the loopback while it is up.
    private mutating func refreshCarrier(_ end: FakeEnd) {
        guard let link = namespaces[end.identity]?.links[end.index] else { return }
        guard let peer = namespaces[end.identity]?.peers[end.index] else {
            namespaces[end.identity]?.links[end.index]?.hasCarrier = link.isUp
            return
        }
        let isUp = link.isUp && namespaces[peer.identity]?.links[peer.index]?.isUp == true
        namespaces[end.identity]?.links[end.index]?.hasCarrier = isUp
        namespaces[peer.identity]?.links[peer.index]?.hasCarrier = isUp
    }

    mutating func delete(_ index: UInt32, in identity: NetworkNamespace.Identity) throws(Errno) {
        guard let link = namespaces[identity]?.links[index] else { throw .ENODEV }
        guard !link.isLoopback else { throw .EOPNOTSUPP }
        remove(index, in: identity)
    }

    mutating func deleteGroup(_ group: UInt32, in identity: NetworkNamespace.Identity) throws(Errno) {
        guard group != 0 else { throw .EPERM }
        let links = namespaces[identity]?.links.values.filter { $0.group == group } ?? []
        guard !links.isEmpty else { throw .ENODEV }
        guard !links.contains(where: \.isLoopback) else { throw .EOPNOTSUPP }
        for link in links { remove(link.index, in: identity) }
    }

    /// Takes a link away with all that hangs on it, and its other end likewise.
    mutating func remove(_ index: UInt32, in identity: NetworkNamespace.Identity) {
        guard namespaces[identity]?.links.removeValue(forKey: index) != nil else { return }
        namespaces[identity]?.forgetLink(index, keepingIPv4Addresses: false)
        namespaces[identity]?.forgetQueues(index)
        if let peer = namespaces[identity]?.peers.removeValue(forKey: index) {
            remove(peer.index, in: peer.identity)
        }
    }
}

extension FakeNamespace {
    /// What the kernel drops when a link goes down or away.
    mutating func forgetLink(_ index: UInt32, keepingIPv4Addresses: Bool) {
        routes.removeAll { $0.interface == index }
        neighbours.removeAll { $0.interface == index }
        addresses.removeAll { $0.interface == index && !(keepingIPv4Addresses && $0.address.family == .ipv4) }
    }
}
