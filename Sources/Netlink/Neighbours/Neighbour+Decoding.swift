import Addresses
import CLinux
import CNlRoute

extension Neighbour {
    /// The neighbour that an RTM_NEWNEIGH or RTM_DELNEIGH describes; nil for entries without a hardware address.
    init?(_ reply: Reply) {
        guard let neighbour = ParsedObject.parse(reply, Neighbour.init(libnl:)) else { return nil }
        self = neighbour
    }

    private init?(libnl object: OpaquePointer) {
        // Multicast and broadcast need nobody's answer; like `ip`, they are left out.
        guard rtnl_neigh_get_state(object) & NUD_NOARP == 0, let address = IPAddress(libnl: rtnl_neigh_get_dst(object)),
            let mac = MACAddress(libnl: rtnl_neigh_get_lladdr(object))
        else { return nil }
        self.init(
            interface: UInt32(bitPattern: rtnl_neigh_get_ifindex(object)),
            address: address,
            mac: mac,
            isPermanent: rtnl_neigh_get_state(object) & NUD_PERMANENT != 0)
    }
}
