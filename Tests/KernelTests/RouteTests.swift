import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

@Suite struct RouteTests {
    /// A namespace whose link `up0` has the addresses 10.0.0.1/24 and fd00::1/64.
    static func withUplink(_ body: (KernelNetwork, UInt32) throws -> Void) throws {
        try FreshNamespace.run {
            let far = try FreshNamespace.open()
            let kernel = try KernelNetwork()
            let indexes = try kernel.createVethPair(LinkTests.pair("up0", in: far.rawValue))
            try KernelNetwork.opened(in: far.rawValue).perform(
                .setLink(LinkChange(index: indexes.peer, isUp: true)))
            try kernel.perform([
                .addAddress(
                    InterfaceAddress(
                        interface: indexes.host, address: try IPAddress(parsing: "10.0.0.1"), prefixLength: 24)),
                .addAddress(
                    InterfaceAddress(
                        interface: indexes.host, address: try IPAddress(parsing: "fd00::1"), prefixLength: 64,
                        noDAD: true)),
            ])
            try body(kernel, indexes.host)
        }
    }

    static func routes(_ up: UInt32) throws -> [Route] {
        func prefix(_ text: String) throws -> IPPrefix { try IPPrefix(parsing: text) }
        func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }
        return [
            Route(
                destination: try prefix("10.1.0.0/28"), gateway: try address("10.0.0.7"), interface: up, table: 10,
                routeProtocol: 71),
            Route(
                destination: try prefix("0.0.0.0/0"), gateway: try address("169.254.1.1"), interface: up, table: 10,
                routeProtocol: 71, onlink: true),
            Route(destination: try prefix("10.1.2.3/32"), interface: up, table: 10, routeProtocol: 71),
            Route(destination: try prefix("10.1.3.0/28"), table: 10, routeProtocol: 71, kind: .unreachable),
            Route(destination: try prefix("10.1.4.0/28"), table: 10, routeProtocol: 71, kind: .blackhole),
            Route(
                destination: try prefix("10.1.5.0/28"), gateway: try address("10.0.0.7"), interface: up, table: 10,
                routeProtocol: 71, preferredSource: try address("10.0.0.1"), mtu: 1300, metric: 5),
            Route(
                destination: try prefix("10.1.6.0/28"), gateway: try address("fe80::7"), interface: up, table: 10,
                routeProtocol: 71),
            Route(
                destination: try prefix("10.1.7.0/28"), interface: up, table: 10, routeProtocol: 71, scope: .global),
            Route(
                destination: try prefix("fd00:1::/64"), gateway: try address("fd00::7"), interface: up, table: 10,
                routeProtocol: 71),
            Route(
                destination: try prefix("::/0"), gateway: try address("fe80::ecee:eeff:feee:eeee"), interface: up,
                table: 10, routeProtocol: 71, onlink: true),
            Route(destination: try prefix("fd00:2::3/128"), interface: up, table: 10, routeProtocol: 71),
            Route(destination: try prefix("fd00:3::/64"), table: 10, routeProtocol: 71, kind: .unreachable),
            Route(
                destination: try prefix("fd00:4::/64"), gateway: try address("fd00::7"), interface: up, table: 10,
                routeProtocol: 71, mtu: 1300, metric: 5),
            Route(
                destination: try prefix("10.9.0.0/16"), gateway: try address("10.0.0.9"), interface: up, table: 1000,
                routeProtocol: 72),
        ]
    }

    @Test func routesReadBackEqualToWhatWasPut() throws {
        try Self.withUplink { kernel, up in
            for route in try Self.routes(up) {
                let family = route.destination.family
                try kernel.perform(.replaceRoute(route))
                #expect(try kernel.routes(table: route.table, routeProtocol: nil, family: family) == [route])
                // Once more changes nothing.
                try kernel.perform(.replaceRoute(route))
                #expect(try kernel.routes(table: route.table, routeProtocol: nil, family: family) == [route])
                try kernel.perform(.deleteRoute(route))
                #expect(try kernel.routes(table: route.table, routeProtocol: nil, family: family).isEmpty)
                #expect(try kernel.apply([.deleteRoute(route)]).map { $0?.errno } == [.ESRCH])
            }
        }
    }

    @Test func replacingChangesTheOneRoute() throws {
        try Self.withUplink { kernel, up in
            for (prefix, gateways) in [
                ("10.1.0.0/28", ["10.0.0.7", "10.0.0.8"]), ("fd00:1::/64", ["fd00::7", "fd00::8"]),
            ] {
                let destination = try IPPrefix(parsing: prefix)
                for gateway in gateways {
                    let route = Route(
                        destination: destination, gateway: try IPAddress(parsing: gateway), interface: up, table: 10,
                        routeProtocol: 71)
                    try kernel.perform(.replaceRoute(route))
                    #expect(
                        try kernel.routes(table: 10, routeProtocol: 71, family: destination.family) == [route])
                }
                let unreachable = Route(
                    destination: destination, table: 10, routeProtocol: 71, kind: .unreachable)
                try kernel.perform(.replaceRoute(unreachable))
                #expect(
                    try kernel.routes(table: 10, routeProtocol: 71, family: destination.family) == [unreachable])
            }
        }
    }

    @Test func filtersAreTheKernels() throws {
        try Self.withUplink { kernel, up in
            let routes = try Self.routes(up)
            try kernel.perform(routes.map { .replaceRoute($0) })
            for family in AddressFamily.allCases {
                let ours = routes.filter { $0.destination.family == family && $0.table == 10 }
                #expect(Set(try kernel.routes(table: 10, routeProtocol: 71, family: family)) == Set(ours))
            }
            #expect(try kernel.routes(table: 1000, routeProtocol: nil, family: .ipv4).map(\.routeProtocol) == [72])
            #expect(try kernel.routes(table: nil, routeProtocol: 72, family: .ipv4).map(\.table) == [1000])
            #expect(try kernel.routes(table: 77, routeProtocol: nil, family: .ipv4).isEmpty)
            #expect(try kernel.routes(table: 77, routeProtocol: nil, family: .ipv6).isEmpty)
            #expect(
                try kernel.routes(table: 254, routeProtocol: 2, family: .ipv4).map(\.destination.description) == [
                    "10.0.0.0/24"
                ])
            #expect(shell("ip -4 route show table 10 proto 71 | wc -l").output == "8\n")
        }
    }

    @Test func refusalsCarryTheKernelsWords() throws {
        try Self.withUplink { kernel, up in
            let far = Route(
                destination: try IPPrefix(parsing: "10.1.0.0/28"), gateway: try IPAddress(parsing: "192.168.9.9"),
                table: 10, routeProtocol: 71)
            let error = #expect(throws: NetlinkError.self) { try kernel.perform(.replaceRoute(far)) }
            #expect(
                error?.description
                    == """
                    replace route 10.1.0.0/28 via 192.168.9.9 table 10 proto 71: network is unreachable (ENETUNREACH); \
                    Nexthop has invalid gateway
                    """)
        }
    }

    @Test func lookupsFollowTheRules() throws {
        try Self.withUplink { kernel, up in
            let target = try IPAddress(parsing: "10.1.0.5")
            #expect(try kernel.routeLookup(to: target) == nil)
            let route = Route(
                destination: try IPPrefix(parsing: "10.1.0.0/28"), gateway: try IPAddress(parsing: "10.0.0.7"),
                table: 10, routeProtocol: 71)
            try kernel.perform(.replaceRoute(route))
            #expect(try kernel.routeLookup(to: target) == nil)
            let rule = RoutingRule(family: .ipv4, table: 10, priority: 32700, routeProtocol: 71)
            try kernel.perform(.addRule(rule))
            let found = try #require(try kernel.routeLookup(to: target))
            #expect(found.gateway == route.gateway && found.interface == up && found.table == 10)
            try kernel.perform(
                .replaceRoute(Route(destination: route.destination, table: 10, routeProtocol: 71, kind: .unreachable)))
            #expect(try kernel.routeLookup(to: target) == nil)
            #expect(try kernel.routeLookup(to: try IPAddress(parsing: "fd00::9"))?.interface == up)
        }
    }

    @Test func rulesReadBackEqualToWhatWasPut() throws {
        try FreshNamespace.run {
            let kernel = try KernelNetwork()
            let rules = [
                RoutingRule(family: .ipv4, table: 10, priority: 32700, routeProtocol: 71),
                RoutingRule(
                    family: .ipv4, table: 1000, priority: 32701, routeProtocol: 71,
                    source: try IPPrefix(parsing: "10.0.0.0/8"), destination: try IPPrefix(parsing: "10.1.0.0/16"),
                    mark: 5),
                RoutingRule(family: .ipv6, table: 10, priority: 32700, routeProtocol: 71),
                RoutingRule(
                    family: .ipv6, table: 10, priority: 32701, routeProtocol: 71,
                    destination: try IPPrefix(parsing: "fd00::/8")),
            ]
            for rule in rules {
                #expect(try kernel.apply([.addRule(rule), .addRule(rule)]).map { $0?.errno } == [nil, .EEXIST])
                #expect(try kernel.rules(family: rule.family).contains(rule))
            }
            #expect(try kernel.rules(family: .ipv4).map(\.priority) == [0, 32700, 32701, 32766, 32767])
            for rule in rules {
                #expect(try kernel.apply([.deleteRule(rule), .deleteRule(rule)]).map { $0?.errno } == [nil, .ENOENT])
            }
        }
    }
}
