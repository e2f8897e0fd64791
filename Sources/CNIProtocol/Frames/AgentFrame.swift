/// One message between a client of the agent's socket and the agent; each connection carries one each way.
///
/// Twelve bytes and a body: `RMNA`, version (1), kind, two zero bytes, length of the body (32 bits, big endian).
public struct AgentFrame: Hashable, Sendable {
    /// What the body holds.
    public enum Kind: UInt8, Sendable {
        /// An ``AgentRequest``.
        case request = 1
        /// An ``AgentResponse``.
        case response = 2
    }

    /// What the body holds.
    public let kind: Kind
    /// The bytes after the header.
    public let body: [UInt8]

    /// The bytes of a header.
    public static let headerLength = 12
    /// The largest body that is accepted, 4 MiB, which is also the most that is read of a runtime's configuration.
    public static let maximumBody = 4 << 20
    /// The version of the format.
    static let version: UInt8 = 1
    static let magic: [UInt8] = Array("RMNA".utf8)

    /// A message of a kind.
    public init(kind: Kind, body: [UInt8]) {
        self.kind = kind
        self.body = body
    }

    /// Header and body as sent.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerLength + body.count)
        bytes += Self.magic
        bytes += [Self.version, kind.rawValue, 0, 0]
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: body.count))
        bytes += body
        return bytes
    }
}

extension [UInt8] {
    /// Appends a number in network order.
    mutating func append(bigEndian value: some FixedWidthInteger & UnsignedInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
