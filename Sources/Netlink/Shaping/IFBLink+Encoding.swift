import CLinux
import CNlRoute
import LinuxSystem

extension IFBLink {
    /// `ip link add NAME mtu M group G numtxqueues 1 numrxqueues 1 type ifb`.
    func createRequest(flags: Int32) throws(Errno) -> Message {
        let link = try LinkObject()
        try LinkRequest.setName(name, of: link)
        guard rtnl_link_set_type(link.pointer, "ifb") >= 0 else { throw .EINVAL }
        if let mtu { rtnl_link_set_mtu(link.pointer, mtu) }
        rtnl_link_set_group(link.pointer, group)
        rtnl_link_set_num_tx_queues(link.pointer, 1)
        rtnl_link_set_num_rx_queues(link.pointer, 1)
        return try Message { rtnl_link_build_add_request(link.pointer, flags, $0) }
    }
}
