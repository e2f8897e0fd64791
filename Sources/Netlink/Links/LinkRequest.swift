import CLinux
import CMnl
import CNlRoute
import Glibc
import LinuxSystem

/// Requests about links that need no more than a number or a name.
enum LinkRequest {
    /// IFF_UP as libnl takes it.
    static let up = UInt32(IFF_UP)

    /// IFNAMSIZ of linux/if.h, which clashes with net/if.h: the most bytes of a name, its zero included.
    static let nameSize = 16

    /// Names a link, and refuses a long name that libnl would cut short, to that of another link.
    static func setName(_ name: String, of link: borrowing LinkObject) throws(Errno) {
        guard (1..<nameSize).contains(name.utf8.count), !name.utf8.contains(0) else { throw .EINVAL }
        rtnl_link_set_name(link.pointer, name)
    }

    /// `ip link show dev IF`, without counters.
    static func get(index: UInt32, into buffer: RequestBuffer, owner: Int) throws(Errno) {
        try buffer.append(type: RTM_GETLINK, flags: 0, owner: owner) { header in
            let link = mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
            link?.assumingMemoryBound(to: ifinfomsg.self).pointee.ifi_index = Int32(bitPattern: index)
            mnl_attr_put_u32(header, UInt16(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS))
        }
    }

    /// `ip link delete dev IF`.
    static func delete(index: UInt32) throws(Errno) -> Message {
        let link = try LinkObject()
        rtnl_link_set_ifindex(link.pointer, Int32(bitPattern: index))
        return try Message { rtnl_link_build_delete_request(link.pointer, $0) }
    }

    /// `ip link delete NAME`.
    static func delete(name: String) throws(Errno) -> Message {
        let link = try LinkObject()
        try setName(name, of: link)
        return try Message { rtnl_link_build_delete_request(link.pointer, $0) }
    }

    /// `ip link delete group N`; libnl insists on a number or a name.
    static func deleteGroup(_ group: UInt32, into buffer: RequestBuffer, owner: Int) throws(Errno) {
        // The kernel takes no group for all links of none.
        try buffer.append(type: RTM_DELLINK, flags: 0, owner: owner) { header in
            mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
            mnl_attr_put_u32(header, UInt16(IFLA_GROUP), group)
        }
    }
}
