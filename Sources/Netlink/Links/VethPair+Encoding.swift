import Addresses
import CLinux
import CNlRoute
import LinuxSystem

extension VethPair {
    /// `ip link add HOST address MAC mtu M group G numtxqueues 1 numrxqueues 1 up type veth
    ///  peer name PEER address MAC mtu M numtxqueues 1 numrxqueues 1 netns FD`.
    ///
    /// The far end cannot be created up: the ends are joined only after both exist.
    func createRequest(flags: Int32) throws(Errno) -> Message {
        let host = try LinkObject.veth()
        let peer = try host.peer()
        try describe(host, name: hostName, mac: hostMAC)
        try describe(peer, name: peerName, mac: peerMAC)
        rtnl_link_set_group(host.pointer, group)
        rtnl_link_set_flags(host.pointer, LinkRequest.up)
        rtnl_link_set_ns_fd(peer.pointer, peerNamespace)
        return try Message { rtnl_link_build_add_request(host.pointer, flags, $0) }
    }

    private func describe(_ link: borrowing LinkObject, name: String, mac: MACAddress) throws(Errno) {
        try LinkRequest.setName(name, of: link)
        let address = try mac.binary()
        rtnl_link_set_addr(link.pointer, address.pointer)
        if let mtu { rtnl_link_set_mtu(link.pointer, mtu) }
        rtnl_link_set_num_tx_queues(link.pointer, 1)
        rtnl_link_set_num_rx_queues(link.pointer, 1)
    }
}
