public import Addresses

/// How the packets of one direction of a connection look.
public struct ConnectionTuple: Hashable, Sendable {
    /// What tells connections between the same two addresses apart.
    public enum Discriminator: Hashable, Sendable {
        /// Ports, of protocols that have them.
        case ports(source: UInt16, destination: UInt16)
        /// Of ICMP, in either family: what it is, and who asked.
        case message(type: UInt8, code: UInt8, id: UInt16)
        /// Nothing: protocols whose connections the kernel tells apart by their addresses alone.
        case none
    }

    /// Who sends them.
    public var source: IPAddress
    /// Whom they are sent to.
    public var destination: IPAddress
    /// What they speak.
    public var transport: ConnectionProtocol
    /// Their ports, or what stands for them.
    public var discriminator: Discriminator
    /// The zone of this direction alone (`ct original zone`); 0 for none.
    public var zone: UInt16

    /// A direction with the given properties.
    public init(
        source: IPAddress, destination: IPAddress, transport: ConnectionProtocol, discriminator: Discriminator,
        zone: UInt16 = 0
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.discriminator = discriminator
        self.zone = zone
    }

    /// The sender's port; nil for protocols without.
    public var sourcePort: UInt16? {
        guard case .ports(let source, _) = discriminator else { return nil }
        return source
    }

    /// The receiver's port; nil for protocols without.
    public var destinationPort: UInt16? {
        guard case .ports(_, let destination) = discriminator else { return nil }
        return destination
    }
}

extension ConnectionTuple: CustomStringConvertible {
    /// Such as `tcp 10.0.0.1:1024 -> 10.0.0.2:80`, or `icmp 10.0.0.1 -> 10.0.0.2 type 8 code 0 id 7`.
    public var description: String {
        switch discriminator {
        case .ports(let from, let to):
            "\(transport) \(Self.endpoint(source, from)) -> \(Self.endpoint(destination, to))"
        case .message(let type, let code, let id):
            "\(transport) \(source) -> \(destination) type \(type) code \(code) id \(id)"
        case .none:
            "\(transport) \(source) -> \(destination)"
        }
    }

    private static func endpoint(_ address: IPAddress, _ port: UInt16) -> String {
        address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
