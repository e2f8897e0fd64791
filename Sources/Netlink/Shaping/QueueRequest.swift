import CLinux
import CMnl

/// What requests about queues and filters have in common (`linux/pkt_sched.h`).
///
/// They are put by libmnl: libnl's buckets know no burst in bytes and no rate beyond 17 Gbit/s.
enum QueueRequest {
    /// TC_H_ROOT, a macro with a cast: where the discipline of what a link sends hangs.
    static let root: UInt32 = 0xffff_ffff
    /// TC_H_INGRESS: where that of what comes in hangs.
    static let ingress: UInt32 = 0xffff_fff1

    /// The handle of every ingress discipline, `ffff:`, which is also what its filters hang from.
    static let ingressHandle: UInt32 = 0xffff_0000
    /// The handle of our buckets, `1:`.
    static let bucketHandle: UInt32 = 0x0001_0000

    /// Puts the fixed part and the kind.
    static func begin(
        _ header: UnsafeMutablePointer<nlmsghdr>, interface: UInt32, handle: UInt32, parent: UInt32, info: UInt32 = 0,
        kind: String?
    ) {
        let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<tcmsg>.size)?.assumingMemoryBound(to: tcmsg.self)
        message?.pointee.tcm_ifindex = Int32(bitPattern: interface)
        message?.pointee.tcm_handle = handle
        message?.pointee.tcm_parent = parent
        message?.pointee.tcm_info = info
        if let kind { mnl_attr_put_strz(header, UInt16(TCA_KIND), kind) }
    }

    /// Puts a structure of the kernel's as an attribute.
    static func put<Structure: BitwiseCopyable>(
        _ structure: Structure, _ type: Int, into header: UnsafeMutablePointer<nlmsghdr>
    ) {
        withUnsafeBytes(of: structure) { mnl_attr_put(header, UInt16(type), $0.count, $0.baseAddress) }
    }
}
