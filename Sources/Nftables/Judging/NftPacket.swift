public import Addresses

/// The beginning of a connection, as far as rules look at it.
public struct NftPacket: Hashable, Sendable {
    /// Who sends it.
    public var source: IPAddress
    /// Whom it is sent to; of the same family.
    public var destination: IPAddress
    /// The protocol over IP (IANA).
    public var transport: UInt8
    /// The first bytes of the transport's header: source port and destination port, or ICMP's type and code.
    public var header: [UInt8]

    /// A packet of a protocol with ports.
    public init(source: IPAddress, destination: IPAddress, transport: UInt8, port: UInt16) {
        self.init(
            source: source, destination: destination, transport: transport,
            header: [0xc0, 0, UInt8(port >> 8), UInt8(truncatingIfNeeded: port)])
    }

    /// A packet of ICMP or ICMPv6.
    public init(source: IPAddress, destination: IPAddress, icmpType: UInt8, code: UInt8) {
        self.init(
            source: source, destination: destination, transport: source.family == .ipv4 ? 1 : 58,
            header: [icmpType, code])
    }

    private init(source: IPAddress, destination: IPAddress, transport: UInt8, header: [UInt8]) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.header = header
    }

    /// A property of it; nil for those that only a packet on its way has.
    func property(_ property: NftExpression.Property) -> [UInt8]? {
        switch property {
        case .mark: [0, 0, 0, 0]
        case .networkProtocol: [source.family == .ipv4 ? 2 : 10]
        case .transportProtocol: [transport]
        default: nil
        }
    }

    /// Bytes of a header; nil for those that are not known.
    func bytes(_ base: NftExpression.Header, _ offset: UInt32, _ length: UInt32) -> [UInt8]? {
        let start = Int(offset)
        switch base {
        case .network:
            let (from, to) = source.family == .ipv4 ? (12, 16) : (8, 24)
            let width = source.family.bits / 8
            if start >= from, start + Int(length) <= from + width {
                return Array(source.bytes[(start - from)..<(start - from + Int(length))])
            }
            if start >= to, start + Int(length) <= to + width {
                return Array(destination.bytes[(start - to)..<(start - to + Int(length))])
            }
            return nil
        case .transport:
            guard start + Int(length) <= header.count else { return nil }
            return Array(header[start..<start + Int(length)])
        }
    }
}
