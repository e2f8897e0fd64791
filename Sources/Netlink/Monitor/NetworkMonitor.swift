import CLinux
import LinuxSystem

/// Hears what changes in a network namespace; for the thread that made it.
///
/// Whoever reads state and then follows it makes the monitor first, reads, and only then drains: changes in between
/// are then seen twice rather than not at all. After an overrun everything is read anew.
public final class NetworkMonitor {
    /// What can be listened to.
    public struct Topics: OptionSet, Hashable, Sendable {
        /// One bit for each topic.
        public let rawValue: UInt32

        /// Topics from their bits.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// Links.
        public static let links = Topics(rawValue: 1)
        /// Addresses of both families.
        public static let addresses = Topics(rawValue: 2)
        /// Routes of both families.
        public static let routes = Topics(rawValue: 4)
        /// Neighbours of both families.
        public static let neighbours = Topics(rawValue: 8)
        /// Rules of both families.
        public static let rules = Topics(rawValue: 16)

        /// The kernel's groups of each topic.
        fileprivate var groups: [UInt32] {
            let groups: [(Topics, [rtnetlink_groups])] = [
                (.links, [RTNLGRP_LINK]),
                (.addresses, [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR]),
                (.routes, [RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE]),
                (.neighbours, [RTNLGRP_NEIGH]),
                (.rules, [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE]),
            ]
            return groups.filter { contains($0.0) }.flatMap { $0.1.map(\.rawValue) }
        }
    }

    private let socket: NetlinkSocket

    /// Listens in the calling thread's namespace.
    ///
    /// `receiveBytes` is how much may pile up unread, in the kernel's account, which charges about 1 KiB an event.
    public init(_ topics: Topics, receiveBytes: Int32 = 8 << 20) throws(NetlinkError) {
        socket = try NetlinkSocket(groups: topics.groups, receiveBytes: receiveBytes)
    }

    /// Has the kernel drop events of links in either group before anyone is woken for them (`SO_ATTACH_FILTER`).
    ///
    /// Events that are queued already stay.
    public func ignoreLinks(inGroups one: UInt32, _ other: UInt32) throws(NetlinkError) {
        let answer = romana_netlink_ignore_link_groups(rawValue, one, other)
        guard answer == 0 else {
            throw NetlinkError(operation: "ignore links of groups \(one) and \(other)", errno: Errno(rawValue: -answer))
        }
    }

    /// For `Epoll.add`; readable when there are events, or some were lost.
    public var rawValue: Int32 { socket.rawValue }

    /// What has been heard since the last time; never waits.
    public func drain() throws(NetlinkError) -> MonitorReading {
        var events: [NetworkEvent] = []
        do throws(Errno) {
            while let bytes = try socket.receiveIfReady() {
                for reply in ReplyList(bytes) {
                    if let event = NetworkEvent(reply) { events.append(event) }
                }
            }
        } catch {
            guard error == .ENOBUFS else { throw NetlinkError(operation: "hear what changed", errno: error) }
            discard()
            return .overrun
        }
        return .events(events)
    }

    /// Empties the buffer after an overrun: what is in it is older than the state that will be read.
    private func discard() {
        while true {
            do throws(Errno) {
                if try socket.receiveIfReady() == nil { return }
            } catch {
                if error != .ENOBUFS { return }
            }
        }
    }
}

extension NetworkEvent {
    fileprivate init?(_ reply: Reply) {
        let event: NetworkEvent? =
            switch Int(reply.type) {
            case RTM_NEWLINK: Link(reply).map { .link($0) }
            case RTM_DELLINK: Link(reply).map { .linkGone($0) }
            case RTM_NEWADDR: InterfaceAddress(reply).map { .address($0) }
            case RTM_DELADDR: InterfaceAddress(reply).map { .addressGone($0) }
            case RTM_NEWROUTE: Route(reply).map { .route($0) }
            case RTM_DELROUTE: Route(reply).map { .routeGone($0) }
            case RTM_NEWNEIGH: Neighbour(reply).map { .neighbour($0) }
            case RTM_DELNEIGH: Neighbour(reply).map { .neighbourGone($0) }
            case RTM_NEWRULE: RoutingRule(reply).map { .rule($0) }
            case RTM_DELRULE: RoutingRule(reply).map { .ruleGone($0) }
            default: nil
            }
        guard let event else { return nil }
        self = event
    }
}
