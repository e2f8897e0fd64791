import Addresses
import CLinux
import CNlRoute
import LinuxSystem

extension InterfaceAddress {
    /// `ip address add A/LEN dev IF [nodad]`.
    func addRequest(flags: Int32) throws(Errno) -> Message {
        let object = try object()
        return try Message { rtnl_addr_build_add_request(object.pointer, flags, $0) }
    }

    /// `ip address delete A/LEN dev IF`.
    func deleteRequest() throws(Errno) -> Message {
        let object = try object()
        return try Message { rtnl_addr_build_delete_request(object.pointer, 0, $0) }
    }

    private func object() throws(Errno) -> InterfaceAddressObject {
        guard (0...address.family.bits).contains(prefixLength) else { throw .EINVAL }
        let object = try InterfaceAddressObject()
        let local = try address.binary(prefixLength: prefixLength)
        rtnl_addr_set_ifindex(object.pointer, Int32(bitPattern: interface))
        rtnl_addr_set_family(object.pointer, address.family.number)
        guard rtnl_addr_set_local(object.pointer, local.pointer) >= 0 else { throw .EINVAL }
        rtnl_addr_set_prefixlen(object.pointer, Int32(prefixLength))
        if let scope { rtnl_addr_set_scope(object.pointer, Int32(scope.rawValue)) }
        if noDAD { rtnl_addr_set_flags(object.pointer, UInt32(IFA_F_NODAD)) }
        return object
    }
}
