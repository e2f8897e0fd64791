/// A part of the key or the data of a set: its meaning decides how `nft` prints it.
public enum NftField: Hashable, Sendable {
    /// A number that packets can be marked with; in the machine's byte order.
    case mark
    /// An IPv4 address.
    case ipv4Address
    /// An IPv6 address.
    case ipv6Address
    /// A link by its index, in the machine's byte order.
    case interface
    /// A transport protocol.
    case transport
    /// A port.
    case service

    /// The number of its type among the data types of `nft` (include/datatype.h of nftables); concatenations shift it
    /// by ``typeBits`` a field.
    var typeNumber: UInt32 {
        switch self {
        case .mark: 19
        case .ipv4Address: 7
        case .ipv6Address: 8
        case .interface: 20
        case .transport: 12
        case .service: 13
        }
    }

    static let typeBits: UInt32 = 6

    /// Bytes that it takes in a key of its own.
    var length: Int {
        switch self {
        case .mark, .ipv4Address, .interface: 4
        case .ipv6Address: 16
        case .transport: 1
        case .service: 2
        }
    }

    /// Bytes that it takes in a concatenation: whole registers of 4.
    var paddedLength: Int { (length + 3) & ~3 }

    /// Its name in `nft`'s language.
    var name: String {
        switch self {
        case .mark: "mark"
        case .ipv4Address: "ipv4_addr"
        case .ipv6Address: "ipv6_addr"
        case .interface: "iface_index"
        case .transport: "inet_proto"
        case .service: "inet_service"
        }
    }
}

extension [NftField] {
    /// The type number of all fields together.
    var typeNumber: UInt32 { reduce(0) { $0 << NftField.typeBits | $1.typeNumber } }

    /// Bytes of all fields together.
    var length: Int { count == 1 ? self[0].length : reduce(0) { $0 + $1.paddedLength } }

    /// Their names, by dots.
    var text: String { map(\.name).joined(separator: " . ") }
}
