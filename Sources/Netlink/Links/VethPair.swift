public import Addresses

/// A pair of connected interfaces, the far end born in another network namespace.
///
/// Both ends have one transmit and one receive queue: the default of one for each processor costs 0.2 ms and memory.
/// The near end is created up and makes no link-local address; the far end must be brought up, with address
/// generation off (``LinkChange/addressGeneration``), by a kernel of its own namespace.
public struct VethPair: Hashable, Sendable {
    /// The near end's name, 1 to 15 bytes.
    public var hostName: String
    /// The near end's hardware address.
    public var hostMAC: MACAddress
    /// The near end's free text, at most 255 bytes.
    public var alias: String?
    /// The near end's group.
    public var group: UInt32
    /// The largest packet of both ends in bytes; nil for the kernel's 1500.
    public var mtu: UInt32?
    /// The far end's name in its namespace, 1 to 15 bytes.
    public var peerName: String
    /// The far end's hardware address.
    public var peerMAC: MACAddress
    /// An open descriptor of the far end's network namespace.
    public var peerNamespace: Int32

    /// A pair with the given properties.
    public init(
        hostName: String, hostMAC: MACAddress, alias: String? = nil, group: UInt32 = 0, mtu: UInt32? = nil,
        peerName: String, peerMAC: MACAddress, peerNamespace: Int32
    ) {
        self.hostName = hostName
        self.hostMAC = hostMAC
        self.alias = alias
        self.group = group
        self.mtu = mtu
        self.peerName = peerName
        self.peerMAC = peerMAC
        self.peerNamespace = peerNamespace
    }
}

extension VethPair: CustomStringConvertible {
    /// As `ip link add` takes it, but for the descriptor.
    public var description: String {
        var words = ["\(hostName)", "address", "\(hostMAC)"]
        if let mtu { words += ["mtu", "\(mtu)"] }
        if group != 0 { words += ["group", "\(group)"] }
        if let alias { words += ["alias", "\"\(alias)\""] }
        words += ["peer", "\(peerName)", "address", "\(peerMAC)", "netns", "descriptor", "\(peerNamespace)"]
        return words.joined(separator: " ")
    }
}

/// The interface numbers of a new pair, each in its own namespace.
public struct VethIndexes: Hashable, Sendable {
    /// The near end's.
    public let host: UInt32
    /// The far end's.
    public let peer: UInt32

    /// The numbers of both ends.
    public init(host: UInt32, peer: UInt32) {
        self.host = host
        self.peer = peer
    }
}
