import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

@Suite struct MonitorTests {
    @Test func tellsWhatChanged() throws {
        try FreshNamespace.run {
            let far = try FreshNamespace.open()
            let monitor = try NetworkMonitor([.links, .addresses, .routes, .neighbours, .rules])
            let kernel = try KernelNetwork()
            #expect(try monitor.drain() == .events([]))

            let index = try kernel.createVeth(LinkTests.pair(in: far.rawValue))
            let address = InterfaceAddress(
                interface: index, address: try IPAddress(parsing: "10.0.0.1"), prefixLength: 32, scope: .global)
            let route = Route(destination: try IPPrefix(parsing: "10.1.0.0/28"), table: 10, kind: .unreachable)
            let neighbour = Neighbour(
                interface: index, address: try IPAddress(parsing: "10.1.0.1"), mac: MACAddress(2, 0, 0, 0, 0, 1))
            let rule = RoutingRule(family: .ipv4, table: 10, priority: 5)
            try kernel.perform([
                .addAddress(address), .replaceRoute(route), .replaceNeighbour(neighbour), .addRule(rule),
                .deleteRule(rule), .deleteNeighbour(neighbour), .deleteRoute(route), .deleteAddress(address),
                .deleteLink(index: index),
            ])
            let epoll = try Epoll()
            try epoll.add(monitor.rawValue, token: 1)
            #expect(try epoll.wait(timeoutMilliseconds: 1000).map(\.token) == [1])
            guard case .events(let events) = try monitor.drain() else {
                Issue.record("overrun")
                return
            }
            for event in [
                NetworkEvent.address(address), .addressGone(address), .route(route), .routeGone(route),
                .neighbour(neighbour), .rule(rule), .ruleGone(rule),
            ] {
                #expect(events.contains(event), "\(event) is not in \(events)")
            }
            func names(_ pick: (NetworkEvent) -> Link?) -> Set<String> { Set(events.compactMap { pick($0)?.name }) }
            #expect(names { if case .link(let link) = $0 { link } else { nil } }.contains("rom0"))
            #expect(names { if case .linkGone(let link) = $0 { link } else { nil } } == ["rom0"])
            #expect(try epoll.wait(timeoutMilliseconds: 0).isEmpty)
        }
    }

    @Test func lostEventsAreAnOverrunAndThenAllIsWell() throws {
        try FreshNamespace.run {
            let monitor = try NetworkMonitor(.routes, receiveBytes: 4096)
            let kernel = try KernelNetwork()
            try kernel.perform(try (0..<500).map { .replaceRoute(try BatchTests.route($0, gateway: nil)) })
            #expect(try monitor.drain() == .overrun)
            #expect(try monitor.drain() == .events([]))
            let route = try BatchTests.route(1000, gateway: nil)
            try kernel.perform(.replaceRoute(route))
            #expect(try monitor.drain() == .events([.route(route)]))
        }
    }

    @Test func hearsOnlyItsTopics() throws {
        try FreshNamespace.run {
            let monitor = try NetworkMonitor(.rules)
            let kernel = try KernelNetwork()
            try kernel.perform(.replaceRoute(try BatchTests.route(1, gateway: nil)))
            #expect(try monitor.drain() == .events([]))
        }
    }

    @Test func ignoredGroupsOfLinksWakeNobody() throws {
        try FreshNamespace.run {
            let far = try FreshNamespace.open()
            let monitor = try NetworkMonitor([.links])
            try monitor.ignoreLinks(inGroups: 7170, 7171)
            let kernel = try KernelNetwork()
            var pair = LinkTests.pair(in: far.rawValue)
            pair.group = 7170
            let index = try kernel.createVeth(pair)
            try kernel.perform([.setLink(LinkChange(index: index, isUp: false, group: 7171)), .deleteLinkGroup(7171)])
            #expect(try monitor.drain() == .events([]))

            pair.group = 7
            _ = try kernel.createVeth(pair)
            guard case .events(let events) = try monitor.drain() else {
                Issue.record("overrun")
                return
            }
            #expect(!events.isEmpty)
        }
    }
}
