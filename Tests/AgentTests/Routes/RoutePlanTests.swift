import Addresses
import Testing
import Topology

@testable import Agent

@Suite struct RoutePlanTests {
    @Test func blocksOfAnotherHostBecomeTheFewestPrefixes() {
        var plan = RoutePlan(node: "a")
        plan.setHost("b", .example("b", "10.0.0.2", group: "rack", "10.1.0.0/24"))
        plan.setHost("c", .example("c", "10.0.0.3", group: "rack", "10.1.0.0/24"))
        for block in ["10.1.0.0/29", "10.1.0.8/29", "10.1.0.24/29"] { plan.setBlock(block, host: "b", group: "rack") }
        plan.setBlock("10.1.0.16/29", host: "c", group: "rack")
        let routes = plan.takeChange().routes
        #expect(routes == ["10.1.0.0/28 via 10.0.0.2", "10.1.0.16/29 via 10.0.0.3", "10.1.0.24/29 via 10.0.0.2"])
        expectNoChange(&plan)
    }

    @Test func hostAloneInItsGroupStandsForTheWholeGroup() {
        var plan = RoutePlan(node: "a")
        plan.setHost("b", .example("b", "10.0.0.2", group: "rack", "10.1.0.0/24"))
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack")
        let routes = plan.takeChange().routes
        #expect(routes == ["10.1.0.0/24 via 10.0.0.2"])

        plan.setHost("c", .example("c", "10.0.0.3", group: "rack", "10.1.0.0/24"))
        plan.setBlock("10.1.0.8/29", host: "c", group: "rack")
        let joined = plan.takeChange()
        #expect(joined.routes == ["10.1.0.0/29 via 10.0.0.2", "10.1.0.8/29 via 10.0.0.3"])
        #expect(joined.removed.map(\.description) == ["10.1.0.0/24"])

        plan.setBlock("10.1.0.8/29", nil)
        plan.setHost("c", nil)
        let left = plan.takeChange()
        #expect(left.routes == ["10.1.0.0/24 via 10.0.0.2"])
        #expect(Set(left.removed.map(\.description)) == ["10.1.0.0/29", "10.1.0.8/29"])
    }

    @Test func spilledBlockKeepsItsOwnRoute() {
        var plan = RoutePlan(node: "a")
        plan.setHost("b", .example("b", "10.0.0.2", group: "rack-1", "10.1.0.0/24"))
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack-1")
        plan.setBlock("10.1.9.0/29", host: "b", group: "rack-9")
        let routes = plan.takeChange().routes
        #expect(routes == ["10.1.0.0/24 via 10.0.0.2", "10.1.9.0/29 via 10.0.0.2"])
    }

    @Test func tagsAndCountsMoveNoRoute() {
        var plan = RoutePlan(node: "a")
        plan.setHost("b", .example("b", "10.0.0.2", group: "rack", "10.1.0.0/24"))
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack")
        _ = plan.takeChange()
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack", tenant: "shop", allocated: 5)
        expectNoChange(&plan)
    }

    @Test func blockThatChangesItsHostMovesInOneStep() {
        var plan = RoutePlan(node: "a")
        for (name, address) in [("b", "10.0.0.2"), ("c", "10.0.0.3")] {
            plan.setHost(name, .example(name, address, group: "rack", "10.1.0.0/24"))
        }
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack")
        _ = plan.takeChange()
        plan.setBlock("10.1.0.0/29", host: "c", group: "rack")
        let change = plan.takeChange()
        #expect(change.routes == ["10.1.0.0/29 via 10.0.0.3"])
        #expect(change.removed.isEmpty)
    }

    @Test func blockOfAnUnknownHostWaitsForItsHost() {
        var plan = RoutePlan(node: "a")
        plan.setBlock("10.1.0.0/29", host: "b", group: "rack")
        expectNoChange(&plan)
        plan.setHost("b", .example("b", "10.0.0.2", group: "other", "10.9.0.0/24"))
        let routes = plan.takeChange().routes
        #expect(routes == ["10.1.0.0/29 via 10.0.0.2"])
    }

    @Test func ownBlocksAreToldApart() {
        var plan = RoutePlan(node: "a")
        plan.setHost("a", .example("a", "10.0.0.1", group: "rack", "10.1.0.0/24"))
        plan.setHost("b", .example("b", "10.0.0.2", group: "rack", "10.1.0.0/24"))
        plan.setBlock("10.1.0.0/29", host: "a", group: "rack")
        let change = plan.takeChange()
        #expect(change.own?.blocks.map(\.description) == ["10.1.0.0/29"])
        #expect(change.own?.groups.map(\.description) == ["10.1.0.0/24"])
        #expect(change.own?.exempt == [])
        #expect(change.updated.isEmpty)
    }

    @Test func groupIsTheNodesOwnBeforeItsFirstBlock() {
        var plan = RoutePlan(node: "a")
        plan.setHost("a", .example("a", "10.0.0.1", group: "rack", "10.1.0.0/24"))
        let change = plan.takeChange()
        #expect(change.own?.blocks == [] && change.own?.groups.map(\.description) == ["10.1.0.0/24"])
        plan.setHost("a", nil)
        let left = plan.takeChange()
        #expect(left.own == OwnPrefixes())
    }

    @Test func groupAmongWhoseAddressesHostsAreIsNobodys() {
        var plan = RoutePlan(node: "a")
        plan.setHost("a", .example("a", "10.0.0.1", group: "all", "10.1.0.0/16"))
        _ = plan.takeChange()
        plan.setHost("b", .example("b", "10.1.2.3", group: "all", "10.1.0.0/16"))
        let inhabited = plan.takeChange()
        #expect(inhabited.own?.groups == [])
        plan.setHost("b", .example("b", "10.0.0.3", group: "all", "10.1.0.0/16"))
        let moved = plan.takeChange()
        #expect(moved.own?.groups.map(\.description) == ["10.1.0.0/16"])
    }

    @Test func blackoutsAndBlocksOfAnotherKeeperAreExempt() throws {
        var plan = RoutePlan(node: "a")
        plan.setHost("a", .example("a", "10.0.0.1", group: "rack", "10.1.0.0/24"))
        plan.setBlock("10.1.0.0/29", host: "a", group: "rack")
        plan.setBlock("10.1.0.8/29", host: "a", group: "rack", keeper: "daemon")
        plan.setBlackouts([try #require(IPPrefix("10.1.0.128/25")), try #require(IPPrefix("10.9.0.0/24"))])
        let change = plan.takeChange()
        #expect(change.own?.blocks.map(\.description) == ["10.1.0.0/29"])
        #expect(change.own?.exempt.map(\.description) == ["10.1.0.8/29", "10.1.0.128/25"])

        plan.setBlackouts([try #require(IPPrefix("10.0.0.0/8"))])
        let covered = plan.takeChange()
        #expect(covered.own?.groups == [])
    }

    private func expectNoChange(_ plan: inout RoutePlan) {
        let change = plan.takeChange()
        #expect(change.isEmpty)
    }

    @Test func incrementalPlanEqualsThePlanFromScratch() {
        var random = SystemRandomNumberGenerator()
        var incremental = RoutePlan(node: "h0")
        var routes: [IPPrefix: String] = [:]
        var own = OwnPrefixes()
        var hosts: [String: HostRecord] = [:]
        var blocks: [IPPrefix: BlockRecord] = [:]
        for _ in 0..<2_000 {
            let host = "h\(Int.random(in: 0..<6, using: &random))"
            if Int.random(in: 0..<4, using: &random) == 0 {
                let group = Int.random(in: 0..<3, using: &random)
                // Now and then among the addresses of a group.
                let net = Int.random(in: 0..<10, using: &random) == 0 ? "10.1.2" : "10.0.0"
                let record = HostRecord.example(
                    host, "\(net).\(1 + group)", group: "g\(group)", "10.1.\(group).0/24")
                hosts[host] = Bool.random(using: &random) ? record : nil
                incremental.setHost(host, hosts[host])
            } else if let prefix = IPPrefix("10.1.\(Int.random(in: 0..<3)).\(8 * Int.random(in: 0..<32))/29") {
                let group = "g\(Int.random(in: 0..<3, using: &random))"
                blocks[prefix] = Bool.random(using: &random) ? .example(prefix, host: host, group: group) : nil
                incremental.setBlock(prefix, blocks[prefix])
            }
            let change = incremental.takeChange()
            for prefix in change.removed { routes[prefix] = nil }
            for route in change.updated { routes[route.prefix] = "\(route.via) \(route.host)" }
            own = change.own ?? own
        }
        var scratch = RoutePlan(node: "h0")
        for (name, record) in hosts { scratch.setHost(name, record) }
        for (prefix, record) in blocks { scratch.setBlock(prefix, record) }
        let change = scratch.takeChange()
        #expect(own == change.own ?? OwnPrefixes())
        let whole = change.updated
        #expect(Set(routes.keys) == Set(whole.map(\.prefix)))
        for route in whole { #expect(routes[route.prefix]?.hasPrefix("\(route.via)") == true) }
    }
}
