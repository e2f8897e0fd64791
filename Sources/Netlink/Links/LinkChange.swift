/// What is to change of one link; what is nil stays as it is (`ip link set`).
///
/// Address generation is changed before everything else, so that one change can switch it off and the link up.
public struct LinkChange: Hashable, Sendable {
    /// The link's number.
    public var index: UInt32
    /// Up or down.
    ///
    /// A link that goes down loses its routes and neighbours.
    public var isUp: Bool?
    /// The free text, at most 255 bytes; empty takes it away.
    public var alias: String?
    /// The group.
    public var group: UInt32?
    /// The largest packet in bytes.
    public var mtu: UInt32?
    /// A new name, 1 to 15 bytes.
    public var name: String?
    /// How the IPv6 link-local address is made; without IPv6 it is passed over.
    public var addressGeneration: AddressGeneration?

    /// A change of the given properties.
    public init(
        index: UInt32, isUp: Bool? = nil, alias: String? = nil, group: UInt32? = nil, mtu: UInt32? = nil,
        name: String? = nil, addressGeneration: AddressGeneration? = nil
    ) {
        self.index = index
        self.isUp = isUp
        self.alias = alias
        self.group = group
        self.mtu = mtu
        self.name = name
        self.addressGeneration = addressGeneration
    }
}

extension LinkChange: CustomStringConvertible {
    /// As `ip link set` takes it, such as `if7 up group 7170`.
    public var description: String {
        var words = ["if\(index)"]
        if let name { words += ["name", name] }
        if let addressGeneration { words += ["addrgenmode", "\(addressGeneration)"] }
        if let isUp { words.append(isUp ? "up" : "down") }
        if let mtu { words += ["mtu", "\(mtu)"] }
        if let group { words += ["group", "\(group)"] }
        if let alias { words += ["alias", "\"\(alias)\""] }
        return words.joined(separator: " ")
    }
}
