import Addresses
import SeededRandom
import Testing

@testable import VPCRoutes

/// Routes that somebody made of whom nothing is on record: a vpcrouter of old, or we before etcd was lost.
@Suite("Routes at our prefixes that nothing is on record of")
struct RouteClaimTests {
    /// A route to zone a's group that was there before we came, by its interface.
    static func found(_ interface: String, isBlackHole: Bool = false) throws -> Region {
        var region = try Region()
        region.put(
            TableRoute(try prefix("10.1.0.0/16"), .interface(interface), isBlackHole: isBlackHole), in: "rtb-a")
        return region
    }

    /// What becomes of it.
    static func step(_ steps: [RouteStep]) throws -> RouteStep? {
        let key = RouteKey("rtb-a", try prefix("10.1.0.0/16"))
        return steps.first { $0.key == key }
    }

    @Test("one that leads to a host that can take it is ours as it is, and so fails over", arguments: ["a1", "a2"])
    func adopted(_ host: String) throws {
        var region = try Self.found("eni-\(host)")
        let step = try Self.step(region.settle())
        #expect(step?.action == .adopt && step?.host == host && step?.reason == "it was there already")
        region.grades[host] = .down
        let next = try Self.step(region.settle())
        #expect(next?.action == .replace && next?.former == "eni-\(host)" && next?.host != host)
    }

    @Test("one whose host is down, or none of those that can take it, is led to one that can")
    func moved() throws {
        for (interface, reason) in [("eni-a1", "a1: it is down"), ("eni-b2", "b2 does not take it")] {
            var region = try Self.found(interface)
            region.grades["a1"] = .down
            let step = try Self.step(region.settle())
            #expect(step?.action == .replace && step?.host == "a2" && step?.reason == reason)
            #expect(step?.former == interface)
        }
    }

    @Test("a black hole is ours if its interface is a host's or does not exist, and not if that may come back")
    func blackHole() throws {
        for (interface, isOurs) in [("eni-a1", true), ("eni-gone", true), ("eni-stopped", false)] {
            var region = try Self.found(interface, isBlackHole: true)
            region.situation.gone = ["eni-gone"]
            region.grades["a1"] = .down
            let step = try Self.step(region.settle())
            #expect(step?.action == (isOurs ? .replace : nil))
            #expect(region.plan().findings.isEmpty == isOurs)
        }
    }

    @Test("an interface that does not exist is nothing to us while the route is no black hole, or not at our prefix")
    func elsewhere() throws {
        var region = try Self.found("eni-gone")
        region.situation.gone = ["eni-gone"]
        let other = TableRoute(try prefix("10.9.0.0/16"), .interface("eni-gone"), isBlackHole: true)
        let near = TableRoute(try prefix("10.1.1.0/24"), .interface("eni-a1"))
        for route in [other, near] { region.put(route, in: "rtb-a") }
        region.settle()
        #expect(try region.target("10.1.0.0/16", in: "rtb-a") == "eni-gone")
        for route in [other, near] { #expect(region.situation.tables[0].routes[route.prefix] == route) }
        #expect(region.situation.own.keys.allSatisfy { $0.prefix != other.prefix && $0.prefix != near.prefix })
    }

    @Test("a prefix to ignore is nobody's business here, though one of our hosts has it")
    func ignored() throws {
        var region = try Self.found("eni-b2")
        region.situation.ignored = [try prefix("10.1.0.0/16")]
        #expect(try Self.step(region.settle()) == nil)
    }

    @Test("what there is no room for is on record before it goes")
    func noRoom() throws {
        var region = try Self.found("eni-a1")
        region.put(TableRoute(try prefix("10.2.0.0/16"), .interface("eni-b1")), in: "rtb-a")
        region.situation.limit = 3
        let steps = region.plan().steps.filter { $0.key == RouteKey("rtb-a", $0.key.prefix) }
        #expect(
            VPCPlanTests.words(steps).sorted() == [
                "adopt rtb-a 10.1.0.0/16", "adopt rtb-a 10.2.0.0/16", "delete rtb-a 10.2.0.0/16",
            ])
        region.settle()
    }

    @Test("a cluster whose records are lost goes on with the routes that it has, folds included")
    func lost() throws {
        var random = SeededGenerator(seed: 23)
        var folds = 0
        for _ in 0..<200 {
            var region = try Region.random(blocks: 12, &random)
            region.settle()
            let (tables, records) = (region.situation.tables, region.situation.own)
            let places = Set(region.situation.destinations.map(\.prefix))
            folds += records.keys.count { !places.contains($0.prefix) }
            region.situation.own = [:]
            let steps = region.settle()
            #expect(steps.allSatisfy { $0.action == .adopt })
            #expect(region.situation.tables == tables && region.situation.own == records)
        }
        #expect(folds > 20)
    }

    @Test("whatever was there, one plan carried out leaves nothing to do, and what leads elsewhere as it was")
    func settles() throws {
        var random = SeededGenerator(seed: 29)
        let targets = ["eni-a1", "eni-a2", "eni-b1", "eni-b2", "eni-gone", "eni-other"]
        for _ in 0..<200 {
            var region = try Region.random(blocks: 12, &random)
            region.situation.gone = ["eni-gone"]
            var foreign: [RouteKey: TableRoute] = [:]
            for _ in 0..<(random.next() % 6) {
                let length = [9, 14, 16, 18][Int(random.next() % 4)]
                let target = targets[Int(random.next() % 6)]
                let route = TableRoute(
                    try prefix("10.\(random.next() % 6).\(random.next() % 4 * 64).0/\(length)"), .interface(target),
                    isBlackHole: random.next() % 2 == 0)
                let key = RouteKey(region.situation.tables[Int(random.next() % 2)].id, route.prefix)
                region.put(route, in: key.table)
                let isOfUse = region.situation.destinations.contains { route.prefix.contains($0.prefix) }
                foreign[key] = target == "eni-other" || !isOfUse ? route : nil
            }
            region.settle()
            for name in ["a1", "b2"] where random.next() % 2 == 0 { region.grades[name] = .down }
            region.settle()
            for (key, route) in foreign {
                #expect(region.situation.tables.first { $0.id == key.table }?.routes[key.prefix] == route)
            }
        }
    }
}
