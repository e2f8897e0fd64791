public import Addresses

/// The hardware address of a neighbour on a link (`ip neighbour`).
public struct Neighbour: Hashable, Sendable {
    /// The link's number.
    public var interface: UInt32
    /// The neighbour's address.
    public var address: IPAddress
    /// Its hardware address.
    public var mac: MACAddress
    /// Whether it stays until it is removed and is never asked for (NUD_PERMANENT).
    public var isPermanent: Bool

    /// A neighbour, permanent unless said otherwise; the kernel is only ever given permanent ones.
    public init(interface: UInt32, address: IPAddress, mac: MACAddress, isPermanent: Bool = true) {
        self.interface = interface
        self.address = address
        self.mac = mac
        self.isPermanent = isPermanent
    }
}

extension Neighbour: CustomStringConvertible {
    /// As `ip neighbour replace` takes it.
    public var description: String {
        "\(address) lladdr \(mac) dev if\(interface)" + (isPermanent ? " nud permanent" : "")
    }
}
