import Addresses
import LinuxSystem
import Netlink
import TestSupport
import Testing

@Suite struct BatchTests {
    static func route(_ number: Int, gateway: String?) throws -> Route {
        let network = try #require(IPAddress(family: .ipv4, value: UInt128(0x0b00_0000 + number * 16)))
        return Route(
            destination: try #require(IPPrefix(network, length: 28)),
            gateway: try gateway.map(IPAddress.init(parsing:)),
            table: 10, routeProtocol: 71, kind: gateway == nil ? .unreachable : .unicast)
    }

    @Test func eachOfFiveThousandHasItsOwnOutcome() throws {
        try RouteTests.withUplink { kernel, _ in
            // Every seventh gateway is on no link.
            let routes = try (0..<5000).map { try Self.route($0, gateway: $0 % 7 == 3 ? "192.168.1.1" : "10.0.0.7") }
            let outcome = try kernel.apply(routes.map { .replaceRoute($0) })
            #expect(outcome.count == 5000)
            for (number, refusal) in outcome.enumerated() {
                #expect(refusal?.errno == (number % 7 == 3 ? .ENETUNREACH : nil))
                #expect(refusal?.operation == (number % 7 == 3 ? "replace route \(routes[number])" : nil))
            }
            let held = try kernel.routes(table: 10, routeProtocol: 71, family: .ipv4)
            #expect(held.count == outcome.filter { $0 == nil }.count)
            let removal = try kernel.apply(routes.map { .deleteRoute($0) })
            #expect(removal.enumerated().allSatisfy { $0.element?.errno == ($0.offset % 7 == 3 ? .ESRCH : nil) })
            #expect(try kernel.routes(table: 10, routeProtocol: 71, family: .ipv4).isEmpty)
        }
    }

    @Test func fiveThousandRefusalsDoNotOverflow() throws {
        try FreshNamespace.run {
            let kernel = try KernelNetwork()
            let outcome = try kernel.apply(
                try (0..<5000).map { .replaceRoute(try Self.route($0, gateway: "192.168.1.1")) })
            #expect(outcome.allSatisfy { $0?.errno == .ENETUNREACH && $0?.kernelText == "Nexthop has invalid gateway" })
        }
    }

    @Test func whatFollowsARefusalStillRuns() throws {
        try RouteTests.withUplink { kernel, up in
            let address = InterfaceAddress(
                interface: up, address: try IPAddress(parsing: "10.0.0.2"), prefixLength: 24)
            let outcome = try kernel.apply([
                .deleteLink(index: 99), .addAddress(address), .addAddress(address), .deleteAddress(address),
                .deleteAddress(address),
            ])
            #expect(outcome.map { $0?.errno } == [.ENODEV, nil, .EEXIST, nil, .EADDRNOTAVAIL])
            #expect(try kernel.apply([]).isEmpty)
        }
    }

    @Test func whatCannotBeEncodedIsRefusedAlone() throws {
        try RouteTests.withUplink { kernel, up in
            let outcome = try kernel.apply([
                .setLink(LinkChange(index: up, alias: "before")), .deleteLinkNamed("a-name-that-is-too-long"),
                .setLink(LinkChange(index: up, alias: "after")),
            ])
            #expect(
                outcome.map { $0?.description }
                    == [nil, "delete link a-name-that-is-too-long: invalid argument (EINVAL)", nil])
            #expect(try kernel.link(index: up)?.alias == "after")
        }
    }

    @Test func neighboursAreFilteredByLink() throws {
        try RouteTests.withUplink { kernel, up in
            let mac = MACAddress(2, 0, 0, 0, 0, 9)
            let neighbours = try ["10.0.0.9", "169.254.1.1", "fd00::9", "fe80::ecee:eeff:feee:eeee"].map {
                Neighbour(interface: up, address: try IPAddress(parsing: $0), mac: mac)
            }
            try kernel.perform(neighbours.map { .replaceNeighbour($0) })
            #expect(Set(try kernel.neighbours(interface: up)) == Set(neighbours))
            #expect(Set(try kernel.neighbours(interface: nil)) == Set(neighbours))
            #expect(try kernel.neighbours(interface: 1).isEmpty)
            let gone = try kernel.apply(neighbours.map { .deleteNeighbour($0) })
            #expect(gone.allSatisfy { $0 == nil })
            #expect(try kernel.neighbours(interface: up).isEmpty)
            #expect(try kernel.apply([.deleteNeighbour(neighbours[0])]).map { $0?.errno } == [.ENOENT])
        }
    }

    @Test func addressesAreFilteredByLink() throws {
        try RouteTests.withUplink { kernel, up in
            try kernel.perform(.setLink(LinkChange(index: 1, isUp: true)))
            let shown = try kernel.addresses(interface: up)
            #expect(
                Set(shown)
                    == [
                        InterfaceAddress(
                            interface: up, address: try IPAddress(parsing: "10.0.0.1"), prefixLength: 24,
                            scope: .global),
                        InterfaceAddress(
                            interface: up, address: try IPAddress(parsing: "fd00::1"), prefixLength: 64, noDAD: true,
                            scope: .global),
                    ])
            let loopback = try kernel.addresses(interface: 1)
            #expect(Set(loopback.map { "\($0.address)" }) == ["127.0.0.1", "::1"])
            #expect(Set(try kernel.addresses(interface: nil)) == Set(shown + loopback))
            #expect(try kernel.addresses(interface: 99).isEmpty)
        }
    }
}
