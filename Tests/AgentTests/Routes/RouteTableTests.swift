import Addresses
import LinuxSystem
import Netlink
import Testing

@testable import Agent

@Suite struct RouteTableTests {
    @Test func nextHopOnALinkIsRoutedAndOthersAreLeftToTheFabric() throws {
        var table = try table()
        table.take(try change(["10.1.0.0/24 10.0.0.2", "10.2.0.0/24 192.168.7.7"]))
        #expect(table.slice(100).map(\.prefix.description) == ["10.1.0.0/24"])
        settle(&table)
        #expect(table.states.map(\.state) == ["installed", "left to the fabric"])
        table.setConnected([try #require(IPPrefix("10.0.0.0/24")), try #require(IPPrefix("192.168.7.0/24"))])
        #expect(table.slice(100).map(\.prefix.description) == ["10.2.0.0/24"])
    }

    @Test func multihopRoutesWhatIsNotOnALink() throws {
        var table = try table(multihop: true)
        table.take(try change(["10.2.0.0/24 192.168.7.7"]))
        #expect(table.slice(100).count == 1)
    }

    @Test func ownPrefixesAreUnreachable() throws {
        var table = try table()
        var own = RoutePlan.Change()
        own.own = OwnPrefixes(blocks: [try #require(IPPrefix("10.1.0.0/29"))])
        table.take(own)
        guard case .replaceRoute(let route)? = table.slice(1).first?.operation else {
            Issue.record("no route for the node's own prefix")
            return
        }
        #expect(route.kind == .unreachable)
        #expect(route.table == 10)
        #expect(route.routeProtocol == Ownership.routeProtocol)
    }

    @Test func ownGroupIsUnreachableButForWhatTheFabricReachesAndWhatIsLeftToOthers() throws {
        var table = try table()
        var change = try change(["10.1.0.0/29 10.0.0.2", "10.1.0.8/29 192.168.7.7", "10.2.0.0/24 192.168.7.7"])
        change.own = OwnPrefixes(
            blocks: [try #require(IPPrefix("10.1.0.16/29"))], groups: [try #require(IPPrefix("10.1.0.0/24"))],
            exempt: [try #require(IPPrefix("10.1.0.32/29"))])
        table.take(change)
        // An agent that starts does not know yet what the fabric reaches.
        #expect(kinds(table).filter { $0.hasSuffix("unreachable") } == ["10.1.0.16/29 unreachable"])
        table.maySweep = true
        #expect(
            kinds(table) == [
                "10.1.0.0/24 unreachable", "10.1.0.0/29 unicast", "10.1.0.8/29 throw", "10.1.0.16/29 unreachable",
                "10.1.0.32/29 throw",
            ])
        // Whatever lies within comes before it, should the agent end in between.
        #expect(Set(table.slice(100).suffix(2).map(\.prefix.description)) == ["10.1.0.0/24", "10.1.0.16/29"])
        #expect(!table.slice(3).contains { $0.prefix.length == 24 })
        settle(&table)
        #expect(table.states.map(\.state) == ["installed", "left to the fabric", "left to the fabric"])

        // With a link there, it is reached from here.
        table.setConnected([try #require(IPPrefix("10.0.0.0/24")), try #require(IPPrefix("192.168.7.0/24"))])
        #expect(kinds(table) == ["10.1.0.8/29 unicast", "10.2.0.0/24 unicast"])
        settle(&table)

        // The node leaves the group: nothing of it is unreachable any more, but its block.
        var left = RoutePlan.Change()
        left.own = OwnPrefixes(blocks: [try #require(IPPrefix("10.1.0.16/29"))])
        table.take(left)
        table.setConnected([try #require(IPPrefix("10.0.0.0/24"))])
        #expect(
            kinds(table) == [
                "10.1.0.0/24 gone", "10.1.0.8/29 gone", "10.1.0.32/29 gone", "10.2.0.0/24 gone",
            ])
    }

    @Test func groupWithAddressesOfTheNodesOwnLinksStaysReachable() throws {
        var table = try table()
        var own = RoutePlan.Change()
        own.own = OwnPrefixes(
            blocks: [try #require(IPPrefix("10.1.0.0/29"))], groups: [try #require(IPPrefix("10.0.0.0/8"))])
        table.take(own)
        table.maySweep = true
        #expect(kinds(table) == ["10.1.0.0/29 unreachable"])
    }

    @Test func whatTheKernelHoldsAlreadyIsNotWrittenAgain() throws {
        var table = try table()
        table.take(try change(["10.1.0.0/24 10.0.0.2"]))
        let prefix = try #require(IPPrefix("10.1.0.0/24"))
        // As the kernel shows it: with the gateway's interface and a scope.
        let held = Route(
            destination: prefix, gateway: IPAddress("10.0.0.2"), interface: 4, table: 10, routeProtocol: 71,
            scope: .global)
        table.sawExactly([held])
        #expect(!table.hasWork)
        table.take(try change(["10.1.0.0/24 10.0.0.3"]))
        #expect(table.slice(100).count == 1)
    }

    @Test func staleRoutesWaitForTheSweep() throws {
        var table = try table()
        let prefix = try #require(IPPrefix("10.9.0.0/24"))
        table.sawExactly([Route(destination: prefix, table: 10, routeProtocol: 71, kind: .unreachable)])
        #expect(!table.hasWork)
        table.maySweep = true
        guard case .deleteRoute(let route)? = table.slice(100).first?.operation else {
            Issue.record("the stale route stays")
            return
        }
        #expect(route.destination == prefix)
    }

    @Test func refusalIsNewsOnceAndStaysToBeDone() throws {
        var table = try table()
        table.take(try change(["10.1.0.0/24 10.0.0.2"]))
        let slice = table.slice(100)
        let refusal = NetlinkError(operation: "replace route", errno: .ENETUNREACH)
        #expect(table.settle(slice, [refusal]).count == 1)
        #expect(table.settle(slice, [refusal]).isEmpty)
        #expect(table.states.first?.state.contains("ENETUNREACH") == true)
        #expect(table.hasWork)
        settle(&table)
        #expect(table.states.first?.state == "installed")
    }

    @Test func thousandsOfRoutesComeInSlices() throws {
        var table = try table()
        table.take(try change((0..<1_000).map { "10.\(16 + $0 / 256).\($0 % 256).0/24 10.0.0.2" }))
        var slices = 0
        while table.hasWork {
            let slice = table.slice(256)
            #expect(slice.count <= 256)
            _ = table.settle(slice, slice.map { _ in nil })
            slices += 1
        }
        #expect(slices == 4)
        #expect(table.installedCount == 1_000)
    }

    private func table(multihop: Bool = false) throws -> RouteTable {
        var table = RouteTable(table: 10, multihop: multihop)
        table.setConnected([try #require(IPPrefix("10.0.0.0/24"))])
        return table
    }

    /// Routes given as `PREFIX VIA`.
    private func change(_ texts: [String]) throws -> RoutePlan.Change {
        var change = RoutePlan.Change()
        for text in texts {
            let words = text.split(separator: " ")
            change.updated.append(
                RemoteRoute(
                    prefix: try #require(IPPrefix(String(words[0]))), via: try #require(IPAddress(String(words[1]))),
                    host: "b"))
        }
        return change
    }

    /// What is to be done, as `PREFIX KIND` or `PREFIX gone`.
    private func kinds(_ table: RouteTable) -> [String] {
        table.slice(100).sorted { $0.prefix < $1.prefix }.map { prefix, operation in
            guard case .replaceRoute(let route) = operation else { return "\(prefix) gone" }
            return "\(prefix) \(route.kind)"
        }
    }

    private func settle(_ table: inout RouteTable) {
        let slice = table.slice(100)
        _ = table.settle(slice, slice.map { _ in nil })
    }
}
