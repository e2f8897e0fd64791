import Addresses
import CLinux
import CNlRoute
import Glibc

extension Link {
    /// The link that an RTM_NEWLINK or RTM_DELLINK describes.
    init?(_ reply: Reply) {
        guard let link = ParsedObject.parse(reply, Link.init(libnl:)) else { return nil }
        self = link
    }

    private init?(libnl link: OpaquePointer) {
        // A bridge tells of its ports in messages of its own family: a port that leaves is not a link that goes.
        guard rtnl_link_get_family(link) != AF_BRIDGE, let name = rtnl_link_get_name(link) else { return nil }
        let flags = rtnl_link_get_flags(link)
        var mode: UInt8 = 0
        let hasMode = rtnl_link_inet6_get_addr_gen_mode(link, &mode) >= 0
        self.init(
            index: UInt32(bitPattern: rtnl_link_get_ifindex(link)),
            name: String(cString: name),
            kind: rtnl_link_get_type(link).map { String(cString: $0) },
            mac: MACAddress(libnl: rtnl_link_get_addr(link)),
            mtu: rtnl_link_get_mtu(link),
            isUp: flags & LinkRequest.up != 0,
            hasCarrier: flags & (1 << 16) != 0,  // IFF_LOWER_UP, which net/if.h lacks
            isLoopback: flags & UInt32(IFF_LOOPBACK) != 0,
            group: rtnl_link_get_group(link),
            alias: rtnl_link_get_ifalias(link).map { String(cString: $0) },
            peerIndex: Link.number(rtnl_link_get_link(link)),
            master: Link.number(rtnl_link_get_master(link)),
            addressGeneration: hasMode ? AddressGeneration(rawValue: mode) : nil)
    }

    private static func number(_ index: Int32) -> UInt32? {
        index > 0 ? UInt32(index) : nil
    }
}
