public import Addresses

/// An address on a link (`ip address`).
public struct InterfaceAddress: Hashable, Sendable {
    /// The link's number.
    public var interface: UInt32
    /// The address itself.
    public var address: IPAddress
    /// The length of the prefix that is on the link: 32 or 128 makes no route but to itself.
    public var prefixLength: Int
    /// Usable at once, without duplicate address detection (IPv6 only; RFC 4862 section 5.4).
    public var noDAD: Bool
    /// How far the address counts; nil for the kernel's choice: host for loopback, link for link-local, else global.
    public var scope: RouteScope?

    /// An address with the given properties.
    public init(
        interface: UInt32, address: IPAddress, prefixLength: Int, noDAD: Bool = false, scope: RouteScope? = nil
    ) {
        self.interface = interface
        self.address = address
        self.prefixLength = prefixLength
        self.noDAD = noDAD
        self.scope = scope
    }
}

extension InterfaceAddress: CustomStringConvertible {
    /// As `ip address add` takes it.
    public var description: String {
        var text = "\(address)/\(prefixLength) dev if\(interface)"
        if let scope { text += " scope \(scope)" }
        return noDAD ? text + " nodad" : text
    }
}
