import Addresses
import Testing

@testable import VPCRoutes

@Suite("Tables that are not to have routes of ours any more")
struct TableWithdrawalTests {
    /// A region whose table rtb-b was given up.
    static func narrowed(_ change: (inout VPCTable) throws -> Void = { _ in }) throws -> Region {
        var region = try Region()
        region.settle()
        var table = region.situation.tables.removeLast()
        try change(&table)
        region.situation.withdrawn = [table]
        return region
    }

    @Test("routes that are as they are on record go, and the records after them")
    func withdrawn() throws {
        var region = try Self.narrowed()
        let steps = region.plan().steps
        #expect(VPCPlanTests.words(steps) == ["delete rtb-b 10.1.0.0/16", "delete rtb-b 10.2.0.0/16"])
        #expect(steps.allSatisfy { $0.reason == "its table is not one of ours any more" })
        region.carryOut(steps)
        region.situation.withdrawn[0].routes = region.situation.withdrawn[0].routes.filter {
            $0.value.target == .foreign("local") || $0.value.target == .foreign("igw-1")
        }
        #expect(region.plan().steps.isEmpty)
        #expect(Set(region.situation.own.keys.map(\.table)) == ["rtb-a"])
    }

    @Test("a route that leads elsewhere by now stays, even one to another host, and so does one to be ignored")
    func changed() throws {
        for target in [TableRoute.Target.foreign("pcx-1"), .interface("eni-other"), .interface("eni-b1")] {
            var region = try Self.narrowed {
                let key = try prefix("10.1.0.0/16")
                $0.routes[key] = TableRoute(key, target)
            }
            #expect(
                VPCPlanTests.words(region.plan().steps) == ["forget rtb-b 10.1.0.0/16", "delete rtb-b 10.2.0.0/16"])
            region.situation.ignored = [try prefix("10.0.0.0/8")]
            #expect(region.plan().steps.allSatisfy { $0.action == .forget })
        }
    }

    @Test("a change that nobody knows the end of is undone either way")
    func underWay() throws {
        for isDone in [true, false] {
            var region = try Self.narrowed()
            let key = RouteKey("rtb-b", try prefix("10.1.0.0/16"))
            let there = try #require(region.situation.own[key]?.interface)
            region.situation.own[key] = OwnRoute(
                host: "a", interface: isDone ? there : "eni-new", former: isDone ? "eni-old" : there)
            #expect(region.plan().steps.first.map { $0.action == .delete && $0.key == key } == true)
        }
    }

    @Test("a table that does not exist loses its records, as does a route that is gone")
    func vanished() throws {
        var region = try Self.narrowed { $0.routes = [:] }
        #expect(region.plan().steps.map(\.reason) == ["it is gone", "it is gone"])
        (region.situation.withdrawn, region.situation.vanished) = ([], ["rtb-b"])
        #expect(region.plan().steps.map(\.reason) == ["its table is gone", "its table is gone"])
        region.settle()
        #expect(region.situation.own.count == 2)
    }

    @Test("nothing goes while nothing is known of any destination")
    func blank() throws {
        var region = try Self.narrowed()
        region.situation.destinations = []
        #expect(region.plan().steps.isEmpty)
    }
}
