import CLinux
import CMnl
import LinuxSystem

extension IngressRedirection {
    /// ETH_P_ALL; linux/if_ether.h clashes with glibc's.
    private static let everyProtocol: UInt16 = 3

    /// `tc filter add dev IF parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev IF`.
    func encode(into buffer: RequestBuffer, flags: Int32, owner: Int) throws(Errno) {
        try buffer.append(type: RTM_NEWTFILTER, flags: flags, owner: owner) { header in
            let info = UInt32(1) << 16 | UInt32(Self.everyProtocol.bigEndian)
            QueueRequest.begin(
                header, interface: interface, handle: 0, parent: QueueRequest.ingressHandle, info: info, kind: "u32")
            let options = mnl_attr_nest_start(header, UInt16(TCA_OPTIONS))
            putActions(into: header)
            putSelector(into: header)
            mnl_attr_nest_end(header, options)
        }
    }

    /// One action, the first: take the packet away and send it out of the other link.
    private func putActions(into header: UnsafeMutablePointer<nlmsghdr>) {
        var parameters = tc_mirred()
        parameters.action = Int32(TC_ACT_STOLEN)
        parameters.eaction = Int32(TCA_EGRESS_REDIR)
        parameters.ifindex = target
        let actions = mnl_attr_nest_start(header, UInt16(TCA_U32_ACT))
        let first = mnl_attr_nest_start(header, 1)
        mnl_attr_put_strz(header, UInt16(TCA_ACT_KIND), "mirred")
        let options = mnl_attr_nest_start(header, UInt16(TCA_ACT_OPTIONS))
        QueueRequest.put(parameters, TCA_MIRRED_PARMS, into: header)
        mnl_attr_nest_end(header, options)
        mnl_attr_nest_end(header, first)
        mnl_attr_nest_end(header, actions)
    }

    /// One key that every packet has: its first four bytes under a mask of nothing are nothing.
    private func putSelector(into header: UnsafeMutablePointer<nlmsghdr>) {
        var selector = tc_u32_sel()
        selector.flags = UInt8(TC_U32_TERMINAL)
        selector.nkeys = 1
        let key = tc_u32_key()
        var bytes = withUnsafeBytes(of: selector, Array.init)
        withUnsafeBytes(of: key) { bytes += $0 }
        mnl_attr_put(header, UInt16(TCA_U32_SEL), bytes.count, bytes)
    }
}
