import Addresses
import CLinux
import CMnl
import Glibc
import Netlink

/// Questions and orders of ctnetlink (`linux/netfilter/nfnetlink_conntrack.h`).
enum ConnectionRequest {
    /// Which part of a connection an address has; the kernel leaves the other connections out of the answer.
    enum Part: Hashable {
        case initiator(IPAddress)
        case destination(IPAddress)
    }

    /// CTA_FILTER_ORIG_FLAGS and CTA_FILTER_REPLY_FLAGS: compare the source address; no header of the kernel's says so.
    private static let sourceAddress: UInt32 = 1

    /// `conntrack -L`: what a request for connections begins with.
    static let get = Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(IPCTNL_MSG_CT_GET.rawValue)
    /// `conntrack -D`: what an order to forget one begins with.
    static let delete = Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(IPCTNL_MSG_CT_DELETE.rawValue)
    /// What each connection in an answer begins with.
    static let entry = UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_NEW.rawValue)

    /// `conntrack -L [-f FAMILY]`.
    static func list(_ family: AddressFamily?, into header: UnsafeMutablePointer<nlmsghdr>) {
        let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<nfgenmsg>.size)
        message?.assumingMemoryBound(to: nfgenmsg.self).pointee.nfgen_family = UInt8(family?.number ?? AF_UNSPEC)
    }

    /// `conntrack -L --orig-src A`, or `--reply-src A`.
    ///
    /// Kernels before 5.8 pass over the filter and list everything.
    static func list(_ part: Part, into header: UnsafeMutablePointer<nlmsghdr>) {
        let (address, isReply) =
            switch part {
            case .initiator(let address): (address, false)
            case .destination(let address): (address, true)
            }
        list(address.family, into: header)
        let tuple = mnl_attr_nest_start(header, UInt16((isReply ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG).rawValue))
        let addresses = mnl_attr_nest_start(header, UInt16(CTA_TUPLE_IP.rawValue))
        ConnectionTuple.putSource(address, into: header)
        mnl_attr_nest_end(header, addresses)
        mnl_attr_nest_end(header, tuple)
        // The kernel wants both.
        let filter = mnl_attr_nest_start(header, UInt16(CTA_FILTER.rawValue))
        mnl_attr_put_u32(header, UInt16(CTA_FILTER_ORIG_FLAGS.rawValue), isReply ? 0 : sourceAddress)
        mnl_attr_put_u32(header, UInt16(CTA_FILTER_REPLY_FLAGS.rawValue), isReply ? sourceAddress : 0)
        mnl_attr_nest_end(header, filter)
    }

    /// `conntrack -D -p PROTO --orig-src A --orig-dst B --sport N --dport N [--zone Z] --id ID`.
    static func delete(_ connection: Connection, into header: UnsafeMutablePointer<nlmsghdr>) {
        list(connection.original.source.family, into: header)
        connection.original.put(UInt16(CTA_TUPLE_ORIG.rawValue), into: header)
        if connection.zone != 0 {
            mnl_attr_put_u16(header, UInt16(CTA_ZONE.rawValue), connection.zone.bigEndian)
        }
        mnl_attr_put_u32(header, UInt16(CTA_ID.rawValue), connection.id.bigEndian)
    }
}

extension AddressFamily {
    /// AF_INET or AF_INET6.
    fileprivate var number: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
}
