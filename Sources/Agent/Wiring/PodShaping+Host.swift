import LinuxSystem
import Netlink

extension PodShaping {
    /// Creates the link that holds what the pod sends, and tells its number; 0 if nothing holds it.
    ///
    /// A DEL of a moment ago may have left its name taken: what waits for the reaper goes first, then a link that
    /// carries our alias.
    func createIFB(on host: any NetworkKernel) throws(NetlinkError) -> UInt32 {
        guard let ifb else { return 0 }
        do {
            return try host.createIFB(ifb)
        } catch {
            guard error.errno == .EEXIST else { throw error }
        }
        // ip link delete group 7171
        _ = try host.apply([.deleteLinkGroup(Ownership.reapGroup)])
        if let stale = try host.link(named: ifb.name), Self.isOurs(stale) {
            _ = try host.apply([.deleteLink(index: stale.index)])
        }
        return try host.createIFB(ifb)
    }

    /// What of the pod's limits the node does not hold, for CHECK; nil if it holds all of them.
    func difference(on host: any NetworkKernel) throws(NetlinkError) -> String? {
        if let ifb {
            guard let link = try host.link(named: ifb.name), link.index == attachment.ifbIndex else {
                return "link \(ifb.name), which holds what the pod sends to its rate, is missing on the node"
            }
            guard link.isUp else { return "link \(ifb.name) is down" }
        }
        var held: [QueueDiscipline] = []
        for interface in Set(queues.map(\.interface)) { held += try host.queues(interface: interface) }
        for queue in queues where !Self.isHeld(queue, by: held) { return "qdisc \(queue) is missing on the node" }
        return nil
    }

    /// A link that was made for the egress of some pod: one that was not finished has no alias yet.
    private static func isOurs(_ link: Link) -> Bool {
        link.kind == "ifb" && (link.alias.map { LinkAlias($0) != nil } ?? (link.group == Ownership.podGroup))
    }
}
