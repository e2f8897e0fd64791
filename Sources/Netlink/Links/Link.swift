public import Addresses

/// A network interface as the kernel shows it (`ip -d link show`).
public struct Link: Hashable, Sendable {
    /// Its number in its namespace, from 1.
    public var index: UInt32
    /// Its name, 1 to 15 bytes.
    public var name: String
    /// The driver, such as `veth` or `bridge`; nil for a physical device or the loopback.
    public var kind: String?
    /// Its hardware address; nil if it has none of 6 bytes.
    public var mac: MACAddress?
    /// The largest packet in bytes.
    public var mtu: UInt32
    /// Whether it was set up (IFF_UP).
    public var isUp: Bool
    /// Whether it is up and its other side is too (IFF_LOWER_UP).
    public var hasCarrier: Bool
    /// Whether it is the loopback.
    public var isLoopback: Bool
    /// Its group, 0 unless set.
    public var group: UInt32
    /// Its free text.
    public var alias: String?
    /// The number of the other end of a veth pair, in that end's namespace; of the link below for others.
    public var peerIndex: UInt32?
    /// The number of the bridge or bond it belongs to.
    public var master: UInt32?
    /// How it makes its IPv6 link-local address; nil without IPv6.
    public var addressGeneration: AddressGeneration?

    /// A link with the given properties.
    public init(
        index: UInt32, name: String, kind: String? = nil, mac: MACAddress? = nil, mtu: UInt32 = 1500,
        isUp: Bool = false, hasCarrier: Bool = false, isLoopback: Bool = false, group: UInt32 = 0,
        alias: String? = nil, peerIndex: UInt32? = nil, master: UInt32? = nil,
        addressGeneration: AddressGeneration? = nil
    ) {
        self.index = index
        self.name = name
        self.kind = kind
        self.mac = mac
        self.mtu = mtu
        self.isUp = isUp
        self.hasCarrier = hasCarrier
        self.isLoopback = isLoopback
        self.group = group
        self.alias = alias
        self.peerIndex = peerIndex
        self.master = master
        self.addressGeneration = addressGeneration
    }
}
