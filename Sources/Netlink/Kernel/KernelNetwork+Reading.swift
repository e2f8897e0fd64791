public import Addresses
import CLinux
import CMnl
import Glibc
import LinuxSystem

extension KernelNetwork {
    /// The links that match: `ip -d link show [type KIND]`.
    public func links(matching filter: LinkFilter) throws(NetlinkError) -> [Link] {
        try list("links", RTM_GETLINK, Link.init) { header in
            mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
            // Counters of every link are most of the answer and of no use here.
            mnl_attr_put_u32(header, UInt16(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS))
            if let kind = filter.kind {
                let info = mnl_attr_nest_start(header, UInt16(IFLA_LINKINFO))
                mnl_attr_put_strz(header, UInt16(IFLA_INFO_KIND), kind)
                mnl_attr_nest_end(header, info)
            }
        }.filter(filter.matches)
    }

    /// One link by name: `ip link show dev NAME`.
    public func link(named name: String) throws(NetlinkError) -> Link? {
        guard (1..<LinkRequest.nameSize).contains(name.utf8.count) else { return nil }
        return try link("link \(name)", index: 0) { mnl_attr_put_strz($0, UInt16(IFLA_IFNAME), name) }
    }

    /// One link by number.
    public func link(index: UInt32) throws(NetlinkError) -> Link? {
        index == 0 ? nil : try link("link if\(index)", index: index) { _ in }
    }

    private func link(
        _ object: String, index: UInt32, _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) throws(NetlinkError) -> Link? {
        var link: Link?
        do {
            try exchange.ask(
                "read \(object)", type: RTM_GETLINK, flags: 0,
                { header in
                    let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<ifinfomsg>.size)
                    message?.assumingMemoryBound(to: ifinfomsg.self).pointee.ifi_index = Int32(bitPattern: index)
                    mnl_attr_put_u32(header, UInt16(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS))
                    build(header)
                }, restart: {}, take: { link = Link($0) })
        } catch {
            if error.errno == .ENODEV { return nil }
            throw error
        }
        return link
    }

    /// The addresses of one link or all: `ip address show [dev IF]`.
    public func addresses(interface: UInt32?) throws(NetlinkError) -> [InterfaceAddress] {
        do {
            return try list("addresses", RTM_GETADDR, InterfaceAddress.init) { header in
                let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<ifaddrmsg>.size)
                message?.assumingMemoryBound(to: ifaddrmsg.self).pointee.ifa_index = interface ?? 0
            }
        } catch {
            // The kernel refuses the filter when the link has gone.
            if interface != nil, error.errno == .ENODEV { return [] }
            throw error
        }
    }

    /// Routes of a family: `ip route show table T proto P`.
    public func routes(
        table: UInt32?, routeProtocol: UInt8?, family: AddressFamily
    ) throws(NetlinkError) -> [Route] {
        do {
            return try list("routes", RTM_GETROUTE, Route.init) { header in
                let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<rtmsg>.size)?
                    .assumingMemoryBound(to: rtmsg.self)
                message?.pointee.rtm_family = UInt8(family.number)
                message?.pointee.rtm_protocol = routeProtocol ?? 0
                if let table { mnl_attr_put_u32(header, UInt16(RTA_TABLE.rawValue), table) }
            }
        } catch {
            // A table that never had a route does not exist.
            if table != nil, error.errno == .ENOENT { return [] }
            throw error
        }
    }

    /// Neighbours of one link or all: `ip neighbour show [dev IF]`.
    public func neighbours(interface: UInt32?) throws(NetlinkError) -> [Neighbour] {
        try list("neighbours", RTM_GETNEIGH, Neighbour.init) { header in
            mnl_nlmsg_put_extra_header(header, MemoryLayout<ndmsg>.size)
            if let interface { mnl_attr_put_u32(header, UInt16(NDA_IFINDEX), interface) }
        }.filter { interface == nil || $0.interface == interface }
    }

    /// Rules of a family: `ip rule show`.
    public func rules(family: AddressFamily) throws(NetlinkError) -> [RoutingRule] {
        try list("rules", RTM_GETRULE, RoutingRule.init) { header in
            let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<fib_rule_hdr>.size)
            message?.assumingMemoryBound(to: fib_rule_hdr.self).pointee.family = UInt8(family.number)
        }
    }

    /// The disciplines of a link: `tc qdisc show dev IF root`, `tc qdisc show dev IF ingress`.
    ///
    /// A dump would be of every link of the node, so each place is asked for by itself.
    public func queues(interface: UInt32) throws(NetlinkError) -> [QueueDiscipline] {
        var queues: [QueueDiscipline] = []
        for parent in [QueueRequest.root, QueueRequest.ingress] {
            do {
                // The answer is sent as a change would be told, to this socket only with an echo.
                try exchange.ask(
                    "read queues of if\(interface)", type: RTM_GETQDISC, flags: NLM_F_ECHO,
                    { QueueRequest.begin($0, interface: interface, handle: 0, parent: parent, kind: nil) },
                    restart: {}, take: { reply in if let queue = QueueDiscipline(reply) { queues.append(queue) } })
            } catch {
                if error.errno != .ENOENT, error.errno != .ENODEV { throw error }
            }
        }
        return queues
    }

    /// The route that a packet would take: `ip route get A`.
    public func routeLookup(to address: IPAddress) throws(NetlinkError) -> Route? {
        var route: Route?
        do {
            try exchange.ask(
                "look up route to \(address)", type: RTM_GETROUTE, flags: 0,
                { header in
                    let message = mnl_nlmsg_put_extra_header(header, MemoryLayout<rtmsg>.size)?
                        .assumingMemoryBound(to: rtmsg.self)
                    message?.pointee.rtm_family = UInt8(address.family.number)
                    message?.pointee.rtm_dst_len = UInt8(address.family.bits)
                    // Tell the real table; IPv6 always does, and refuses the flag.
                    if address.family == .ipv4 { message?.pointee.rtm_flags = UInt32(RTM_F_LOOKUP_TABLE) }
                    mnl_attr_put(header, UInt16(RTA_DST.rawValue), address.bytes.count, address.bytes)
                }, restart: {}, take: { route = Route($0) })
        } catch {
            // What unreachable, prohibit and blackhole routes answer; a request that is wrong is explained.
            let isDropped = [.ENETUNREACH, .EHOSTUNREACH, .EACCES, .EINVAL].contains(error.errno)
            if isDropped, error.kernelText == nil { return nil }
            throw error
        }
        guard let found = route, ![.unreachable, .blackhole, .prohibit, .throw].contains(found.kind) else { return nil }
        return found
    }

    private func list<Object>(
        _ objects: String, _ type: Int, _ read: (Reply) -> Object?,
        _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) throws(NetlinkError) -> [Object] {
        var list: [Object] = []
        try exchange.ask(
            "list \(objects)", type: type, flags: NLM_F_DUMP, build,
            restart: { list.removeAll(keepingCapacity: true) },
            take: { reply in if let object = read(reply) { list.append(object) } })
        return list
    }
}
