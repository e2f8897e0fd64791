/// One expression of a rule: what libnftnl calls by the same names.
public enum NftExpression: Hashable, Sendable {
    /// A property of a packet besides its bytes (enum nft_meta_keys).
    public enum Property: UInt32, Hashable, Sendable {
        case mark = 3
        case inputInterface = 4
        case inputInterfaceName = 6
        case outputInterfaceName = 7
        case networkProtocol = 15
        case transportProtocol = 16
    }

    /// A header that bytes are taken from (enum nft_payload_bases).
    public enum Header: UInt32, Hashable, Sendable {
        case network = 1
        case transport = 2
    }

    /// How bytes are compared (enum nft_cmp_ops).
    public enum Comparison: UInt32, Hashable, Sendable {
        case equal = 0
        case notEqual = 1
        case lessOrEqual = 3
        case greaterOrEqual = 5
    }

    /// A property of the packet's connection (enum nft_ct_keys).
    public enum ConnectionProperty: UInt32, Hashable, Sendable {
        case state = 0
        case status = 2
    }

    /// Which translation of addresses (enum nft_nat_types).
    public enum Translation: UInt32, Hashable, Sendable {
        case source = 0
        case destination = 1
    }

    case meta(Property, NftRegister)
    case payload(Header, offset: UInt32, length: UInt32, NftRegister)
    case connection(ConnectionProperty, NftRegister)
    /// The kind of the destination address on this node: RTN_UNICAST, RTN_LOCAL, ...
    case destinationKind(NftRegister)
    case compare(NftRegister, Comparison, [UInt8])
    case bitwise(NftRegister, into: NftRegister, mask: [UInt8], xor: [UInt8])
    case lookup(NftRegister, set: String, isInverted: Bool)
    case map(NftRegister, set: String, into: NftRegister)
    case verdictMap(NftRegister, set: String)
    case counter
    /// Passes so many packets a second on average, and so many at once.
    case limit(perSecond: UInt64, burst: UInt32)
    /// Hands the packet's beginning to whoever listens on a group of NFLOG.
    case log(group: UInt16, prefix: String)
    case translate(Translation, family: UInt8, address: NftRegister, port: NftRegister?)
    case masquerade
    case verdict(NftVerdict)
}
