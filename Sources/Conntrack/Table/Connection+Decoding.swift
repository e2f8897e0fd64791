import Addresses
import CLinux
import Netlink

extension Connection {
    /// The connection that an answer tells of; nil if it tells of none, or of one that is not IP's.
    init?(_ reply: Reply) {
        guard reply.type == ConnectionRequest.entry else { return nil }
        var original: ConnectionTuple?
        var answer: ConnectionTuple?
        var zone: UInt16 = 0
        var id: UInt32 = 0
        for attribute in AttributeList(reply.header, offset: MemoryLayout<nfgenmsg>.size) {
            switch UInt32(attribute.type) {
            case CTA_TUPLE_ORIG.rawValue: original = ConnectionTuple(attribute)
            case CTA_TUPLE_REPLY.rawValue: answer = ConnectionTuple(attribute)
            case CTA_ZONE.rawValue: zone = attribute.number16
            case CTA_ID.rawValue: id = attribute.number32
            default: break
            }
        }
        guard let original, let answer else { return nil }
        self.init(original: original, reply: answer, zone: zone, id: id)
    }
}

extension ConnectionTuple {
    fileprivate init?(_ nest: Attribute) {
        var source: IPAddress?
        var destination: IPAddress?
        var transport: ConnectionProtocol?
        var discriminator = Discriminator.none
        var zone: UInt16 = 0
        for attribute in AttributeList(in: nest) {
            switch UInt32(attribute.type) {
            case CTA_TUPLE_IP.rawValue:
                for address in AttributeList(in: attribute) {
                    switch UInt32(address.type) {
                    case CTA_IP_V4_SRC.rawValue, CTA_IP_V6_SRC.rawValue: source = address.address
                    case CTA_IP_V4_DST.rawValue, CTA_IP_V6_DST.rawValue: destination = address.address
                    default: break
                    }
                }
            case CTA_TUPLE_PROTO.rawValue: (transport, discriminator) = Self.transport(attribute)
            case CTA_TUPLE_ZONE.rawValue: zone = attribute.number16
            default: break
            }
        }
        guard let source, let destination, let transport else { return nil }
        self.init(
            source: source, destination: destination, transport: transport, discriminator: discriminator, zone: zone)
    }

    private static func transport(_ nest: Attribute) -> (ConnectionProtocol?, Discriminator) {
        var transport: ConnectionProtocol?
        var ports: (source: UInt16?, destination: UInt16?)
        var message: (type: UInt8?, code: UInt8?, id: UInt16?)
        for attribute in AttributeList(in: nest) {
            switch UInt32(attribute.type) {
            case CTA_PROTO_NUM.rawValue: transport = ConnectionProtocol(rawValue: attribute.number8)
            case CTA_PROTO_SRC_PORT.rawValue: ports.source = attribute.number16
            case CTA_PROTO_DST_PORT.rawValue: ports.destination = attribute.number16
            case CTA_PROTO_ICMP_TYPE.rawValue, CTA_PROTO_ICMPV6_TYPE.rawValue: message.type = attribute.number8
            case CTA_PROTO_ICMP_CODE.rawValue, CTA_PROTO_ICMPV6_CODE.rawValue: message.code = attribute.number8
            case CTA_PROTO_ICMP_ID.rawValue, CTA_PROTO_ICMPV6_ID.rawValue: message.id = attribute.number16
            default: break
            }
        }
        if let source = ports.source, let destination = ports.destination {
            return (transport, .ports(source: source, destination: destination))
        }
        if let type = message.type, let code = message.code, let id = message.id {
            return (transport, .message(type: type, code: code, id: id))
        }
        return (transport, .none)
    }
}

extension Attribute {
    /// A number of one byte; 0 for anything shorter.
    fileprivate var number8: UInt8 { bytes.first ?? 0 }

    /// A number of two bytes, in network order as everything in ctnetlink; 0 for anything shorter.
    fileprivate var number16: UInt16 { bytes.count >= 2 ? UInt16(bigEndian: bytes.loadUnaligned(as: UInt16.self)) : 0 }

    /// A number of four bytes.
    fileprivate var number32: UInt32 { bytes.count >= 4 ? UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)) : 0 }

    /// An address by its length.
    fileprivate var address: IPAddress? {
        switch bytes.count {
        case 4: .v4(IPv4Address(rawValue: number32))
        case 16: .v6(IPv6Address(rawValue: UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))))
        default: nil
        }
    }
}
