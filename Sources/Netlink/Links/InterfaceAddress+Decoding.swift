import Addresses
import CLinux
import CNlRoute

extension InterfaceAddress {
    /// The address that an RTM_NEWADDR or RTM_DELADDR describes.
    init?(_ reply: Reply) {
        guard let address = ParsedObject.parse(reply, InterfaceAddress.init(libnl:)) else { return nil }
        self = address
    }

    private init?(libnl object: OpaquePointer) {
        guard let address = IPAddress(libnl: rtnl_addr_get_local(object)) else { return nil }
        self.init(
            interface: UInt32(bitPattern: rtnl_addr_get_ifindex(object)),
            address: address,
            prefixLength: Int(rtnl_addr_get_prefixlen(object)),
            noDAD: rtnl_addr_get_flags(object) & UInt32(IFA_F_NODAD) != 0,
            scope: RouteScope(rawValue: UInt8(truncatingIfNeeded: rtnl_addr_get_scope(object))))
    }
}
