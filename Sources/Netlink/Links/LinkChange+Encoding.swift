import CLinux
import CMnl
import CNlRoute
import Glibc
import LinuxSystem

extension LinkChange {
    /// IFALIASZ of linux/if.h, which clashes with net/if.h: the most bytes of an alias, its zero included.
    private static let aliasSize = 256

    /// `ip link set dev IF ...`: one request, or two when address generation is to change as well, since the kernel
    /// would set the link up, and make the address, before it looked at how.
    func encode(into buffer: RequestBuffer, owner: Int) throws(Errno) {
        if let addressGeneration {
            try encode(addressGeneration, into: buffer, owner: owner)
            if self == LinkChange(index: index, addressGeneration: addressGeneration) { return }
        }
        try buffer.append(request(), owner: owner)
    }

    private func request() throws(Errno) -> Message {
        let link = try LinkObject()
        rtnl_link_set_ifindex(link.pointer, Int32(bitPattern: index))
        if let name { try LinkRequest.setName(name, of: link) }
        if let isUp {
            if isUp {
                rtnl_link_set_flags(link.pointer, LinkRequest.up)
            } else {
                rtnl_link_unset_flags(link.pointer, LinkRequest.up)
            }
        }
        if let mtu { rtnl_link_set_mtu(link.pointer, mtu) }
        if let group { rtnl_link_set_group(link.pointer, group) }
        if let alias {
            guard alias.utf8.count < Self.aliasSize else { throw .EINVAL }
            rtnl_link_set_ifalias(link.pointer, alias)
        }
        return try Message { rtnl_link_build_add_request(link.pointer, 0, $0) }
    }

    /// `ip link set dev IF addrgenmode MODE`.
    private func encode(
        _ mode: AddressGeneration, into buffer: RequestBuffer, owner: Int
    ) throws(Errno) {
        // EAFNOSUPPORT: IPv6 is off, so there is no address to be made.
        try buffer.append(type: RTM_NEWLINK, flags: 0, owner: owner, tolerated: .EAFNOSUPPORT) { header in
            let link = mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
            link?.assumingMemoryBound(to: ifinfomsg.self).pointee.ifi_index = Int32(bitPattern: index)
            let families = mnl_attr_nest_start(header, UInt16(IFLA_AF_SPEC))
            let ipv6 = mnl_attr_nest_start(header, UInt16(AF_INET6))
            mnl_attr_put_u8(header, UInt16(IFLA_INET6_ADDR_GEN_MODE), mode.rawValue)
            mnl_attr_nest_end(header, ipv6)
            mnl_attr_nest_end(header, families)
        }
    }
}
