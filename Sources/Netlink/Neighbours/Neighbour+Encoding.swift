import Addresses
import CLinux
import CNlRoute
import LinuxSystem

extension Neighbour {
    /// `ip neighbour replace A lladdr MAC dev IF nud permanent`.
    func replaceRequest(flags: Int32) throws(Errno) -> Message {
        let object = try object()
        let mac = try mac.binary()
        rtnl_neigh_set_lladdr(object.pointer, mac.pointer)
        rtnl_neigh_set_state(object.pointer, NUD_PERMANENT)
        return try Message {
            rtnl_neigh_build_add_request(object.pointer, NLM_F_CREATE | NLM_F_REPLACE | flags, $0)
        }
    }

    /// `ip neighbour delete A dev IF`.
    func deleteRequest() throws(Errno) -> Message {
        let object = try object()
        return try Message { rtnl_neigh_build_delete_request(object.pointer, 0, $0) }
    }

    private func object() throws(Errno) -> NeighbourObject {
        let object = try NeighbourObject()
        let address = try address.binary()
        rtnl_neigh_set_ifindex(object.pointer, Int32(bitPattern: interface))
        guard rtnl_neigh_set_dst(object.pointer, address.pointer) >= 0 else { throw .EINVAL }
        return object
    }
}
