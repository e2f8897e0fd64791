import Addresses
import CLinux
import CMnl

extension ConnectionTuple {
    /// Puts the tuple as CTA_TUPLE_ORIG or CTA_TUPLE_REPLY.
    func put(_ type: UInt16, into header: UnsafeMutablePointer<nlmsghdr>) {
        let tuple = mnl_attr_nest_start(header, type)
        let addresses = mnl_attr_nest_start(header, UInt16(CTA_TUPLE_IP.rawValue))
        Self.putSource(source, into: header)
        Self.put(destination, CTA_IP_V4_DST, CTA_IP_V6_DST, into: header)
        mnl_attr_nest_end(header, addresses)
        let proto = mnl_attr_nest_start(header, UInt16(CTA_TUPLE_PROTO.rawValue))
        mnl_attr_put_u8(header, UInt16(CTA_PROTO_NUM.rawValue), transport.rawValue)
        putDiscriminator(into: header)
        mnl_attr_nest_end(header, proto)
        if zone != 0 { mnl_attr_put_u16(header, UInt16(CTA_TUPLE_ZONE.rawValue), zone.bigEndian) }
        mnl_attr_nest_end(header, tuple)
    }

    /// Puts the source address of a tuple.
    static func putSource(_ address: IPAddress, into header: UnsafeMutablePointer<nlmsghdr>) {
        put(address, CTA_IP_V4_SRC, CTA_IP_V6_SRC, into: header)
    }

    private static func put(
        _ address: IPAddress, _ ipv4: ctattr_ip, _ ipv6: ctattr_ip, into header: UnsafeMutablePointer<nlmsghdr>
    ) {
        let type = address.family == .ipv4 ? ipv4 : ipv6
        mnl_attr_put(header, UInt16(type.rawValue), address.bytes.count, address.bytes)
    }

    private func putDiscriminator(into header: UnsafeMutablePointer<nlmsghdr>) {
        switch discriminator {
        case .ports(let source, let destination):
            mnl_attr_put_u16(header, UInt16(CTA_PROTO_SRC_PORT.rawValue), source.bigEndian)
            mnl_attr_put_u16(header, UInt16(CTA_PROTO_DST_PORT.rawValue), destination.bigEndian)
        case .message(let type, let code, let id):
            let isIPv6 = transport == .icmpv6
            let types = isIPv6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE
            let codes = isIPv6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE
            let ids = isIPv6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID
            mnl_attr_put_u8(header, UInt16(types.rawValue), type)
            mnl_attr_put_u8(header, UInt16(codes.rawValue), code)
            mnl_attr_put_u16(header, UInt16(ids.rawValue), id.bigEndian)
        case .none: break
        }
    }
}
