import Addresses
import SeededRandom
import Testing

@testable import VPCRoutes

/// A small VPC that plans are made for and carried out in.
struct Region {
    var situation = VPCPlan.Situation()
    /// How hosts are that are not healthy.
    var grades: [String: HealthGrade] = [:]

    /// Hosts a1, a2, b1, b2: two zones with a group each; two tables, one in each zone.
    init() throws {
        for (zone, second) in [("a", 1), ("b", 2)] {
            for number in 1...2 {
                situation.targets["\(zone)\(number)"] = HostTarget(
                    interface: "eni-\(zone)\(number)", instance: "i-\(zone)\(number)", subnet: "s-\(zone)",
                    zone: "z-\(zone)")
            }
            situation.destinations.append(
                Destination(
                    try prefix("10.\(second).0.0/16"), network: "net", group: zone, hosts: ["\(zone)1", "\(zone)2"],
                    subnet: "s-\(zone)"))
            situation.tables.append(
                VPCTable(
                    "rtb-\(zone)", zones: ["z-\(zone)"],
                    routes: [
                        TableRoute(try prefix("172.16.0.0/16"), .foreign("local")),
                        TableRoute(try prefix("0.0.0.0/0"), .foreign("igw-1")),
                    ]))
        }
    }

    /// A region with up to so many blocks anywhere besides, and room for some of it.
    static func random(blocks: UInt64, _ random: inout SeededGenerator) throws -> Region {
        var region = try Region()
        region.situation.limit = 3 + Int(random.next() % 8)
        region.situation.bounds = ["net": try prefix("10.0.0.0/8")]
        for _ in 0..<(random.next() % blocks) {
            let zone = random.next() % 2 == 0 ? "a" : "b"
            region.situation.destinations.append(
                Destination(
                    try prefix("10.\(random.next() % 5).\(random.next() % 4 * 64).0/18"), .blocks, network: "net",
                    hosts: ["\(zone)\(1 + random.next() % 2)"], subnet: "s-\(zone)"))
        }
        return region
    }

    func plan() -> VPCPlan {
        var situation = situation
        let grades = grades
        situation.standing = { host, _ in (grades[host] ?? .healthy, "it is \(grades[host] ?? .healthy)") }
        return VPCPlan(situation)
    }

    mutating func put(_ route: TableRoute, in table: String) {
        for index in situation.tables.indices where situation.tables[index].id == table {
            situation.tables[index].routes[route.prefix] = route
        }
    }

    /// Carries steps out, as the cloud and etcd would.
    mutating func carryOut(_ steps: [RouteStep]) {
        for step in steps {
            let index = situation.tables.firstIndex { $0.id == step.key.table }
            switch step.action {
            case .create, .replace, .adopt:
                guard let target = step.target, let host = step.host else { continue }
                situation.own[step.key] = OwnRoute(host: host, interface: target.interface)
                if let index, step.action != .adopt {
                    situation.tables[index].routes[step.key.prefix] = TableRoute(
                        step.key.prefix, .interface(target.interface))
                }
            case .delete:
                if let index { situation.tables[index].routes[step.key.prefix] = nil }
                situation.own[step.key] = nil
            case .forget: situation.own[step.key] = nil
            }
        }
    }

    /// Plans and carries out, and expects nothing to be left to do.
    @discardableResult
    mutating func settle(sourceLocation: SourceLocation = #_sourceLocation) -> [RouteStep] {
        let steps = plan().steps
        carryOut(steps)
        #expect(plan().steps.isEmpty, sourceLocation: sourceLocation)
        return steps
    }

    func target(_ cidr: String, in table: String) throws -> String? {
        situation.tables.first { $0.id == table }?.routes[try prefix(cidr)]?.target.text
    }
}

@Suite("What is done to route tables")
struct VPCPlanTests {
    static func words(_ steps: [RouteStep]) -> [String] {
        steps.map { "\($0.action) \($0.key.table) \($0.key.prefix)" }
    }

    @Test("every table gets a route to every group, over hosts that share the load")
    func fresh() throws {
        var region = try Region()
        let steps = region.settle()
        #expect(
            Set(Self.words(steps)) == [
                "create rtb-a 10.1.0.0/16", "create rtb-a 10.2.0.0/16", "create rtb-b 10.1.0.0/16",
                "create rtb-b 10.2.0.0/16",
            ])
        #expect(Set(steps.compactMap(\.host)) == ["a1", "a2", "b1", "b2"])
        #expect(steps.allSatisfy { $0.reason == "there was none" })
        #expect(region.plan().entries.count == 4 && region.plan().findings.isEmpty)
    }

    @Test("a host that is down loses its routes, and does not get them back when it returns")
    func failover() throws {
        var region = try Region()
        region.settle()
        let hosts = Set(region.situation.own.filter { $0.value.host == "a1" }.keys)
        #expect(hosts.count == 1)
        region.grades["a1"] = .down
        let steps = region.settle()
        #expect(steps.map(\.action) == [.replace] && steps[0].host == "a2" && Set(steps.map(\.key)) == hosts)
        #expect(steps[0].reason == "a1: it is down")
        for grade in [HealthGrade.recovering, .healthy] {
            region.grades["a1"] = grade
            #expect(region.plan().steps.isEmpty)
        }
    }

    @Test(
        "a route stays with a host that may be well",
        arguments: [HealthGrade.unclear, .unknown, .questionable, .recovering, .healthy])
    func stays(_ grade: HealthGrade) throws {
        var region = try Region()
        region.settle()
        region.grades["a1"] = grade
        #expect(region.plan().steps.isEmpty)
    }

    @Test("when no host of a group is well, its routes stay, no new ones are made, and that is said")
    func nobody() throws {
        var region = try Region()
        region.settle()
        region.situation.tables[1].routes[try prefix("10.1.0.0/16")] = nil
        (region.grades["a1"], region.grades["a2"]) = (.down, .down)
        let plan = region.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.findings == [.noHealthyHost(try prefix("10.1.0.0/16"), purpose: "group a of net")])
    }

    @Test("a table takes a host of its own zone before others")
    func near() throws {
        var region = try Region()
        region.situation.destinations = [
            Destination(try prefix("10.0.0.0/8"), hosts: ["a1", "a2", "b1", "b2"], subnet: nil)
        ]
        for step in region.settle() {
            #expect(step.host?.first == step.key.table.last)
        }
    }

    @Test("the better grade is chosen, however near or idle another is")
    func better() throws {
        var region = try Region()
        region.grades["a1"] = .recovering
        region.settle()
        #expect(try region.target("10.1.0.0/16", in: "rtb-a") == "eni-a2")
        #expect(try region.target("10.1.0.0/16", in: "rtb-b") == "eni-a2")
    }

    @Test(
        "somebody else's route is left alone and said to be there",
        arguments: [TableRoute.Target.foreign("nat-1"), .interface("eni-other")])
    func foreign(_ target: TableRoute.Target) throws {
        var region = try Region()
        region.put(TableRoute(try prefix("10.1.0.0/16"), target), in: "rtb-a")
        region.settle()
        #expect(try region.target("10.1.0.0/16", in: "rtb-a") == target.text)
        let key = RouteKey("rtb-a", try prefix("10.1.0.0/16"))
        #expect(region.plan().findings == [.occupied(key, target: target.text)])
        // Nor is it touched when the group goes.
        region.situation.destinations.removeFirst()
        region.settle()
        #expect(try region.target("10.1.0.0/16", in: "rtb-a") == target.text)
    }

    @Test(
        "a route of ours that somebody leads elsewhere is not ours any more",
        arguments: [TableRoute.Target.foreign("tgw-1"), .interface("eni-other")])
    func taken(_ target: TableRoute.Target) throws {
        var region = try Region()
        region.settle()
        region.put(TableRoute(try prefix("10.1.0.0/16"), target), in: "rtb-a")
        #expect(Self.words(region.settle()) == ["forget rtb-a 10.1.0.0/16"])
        #expect(region.plan().findings.count == 1)
    }

    @Test("routes of ours go when nothing needs them, and all stay when nothing at all is known")
    func gone() throws {
        var region = try Region()
        region.settle()
        let all = region.situation.destinations
        region.situation.destinations = []
        #expect(region.plan().steps.isEmpty)
        region.situation.destinations = Array(all.dropFirst())
        #expect(Self.words(region.settle()) == ["delete rtb-a 10.1.0.0/16", "delete rtb-b 10.1.0.0/16"])
    }

    @Test("a black hole is led elsewhere, even to the same host by another interface")
    func blackHole() throws {
        var region = try Region()
        region.settle()
        let host = try #require(region.situation.own[RouteKey("rtb-a", try prefix("10.1.0.0/16"))]).host
        region.put(
            TableRoute(try prefix("10.1.0.0/16"), .interface("eni-\(host)"), isBlackHole: true), in: "rtb-a")
        region.situation.targets[host] = HostTarget(interface: "eni-new", subnet: "s-a", zone: "z-a")
        let steps = region.plan().steps.filter { $0.key.table == "rtb-a" }
        #expect(steps.count == 1 && steps[0].action == .replace && steps[0].reason == "its target was gone")
        region.settle()
    }

    @Test("what was on record before a leader ended, done or not, is gone on with")
    func interrupted() throws {
        for done in 0...4 {
            var region = try Region()
            let steps = region.plan().steps
            // Everything is on record first; so many calls were made.
            for step in steps {
                region.situation.own[step.key] = OwnRoute(
                    host: step.host ?? "", interface: step.target?.interface ?? "", former: step.former)
            }
            for step in steps.prefix(done) {
                region.put(TableRoute(step.key.prefix, .interface(step.target?.interface ?? "")), in: step.key.table)
            }
            #expect(region.settle().count == 4 - done)
        }
    }

    @Test("prefixes to ignore are neither made nor touched; 0.0.0.0/0 is the default route alone")
    func ignored() throws {
        var region = try Region()
        region.situation.ignored = [try prefix("0.0.0.0/0"), try prefix("10.1.0.0/12")]
        #expect(region.settle().isEmpty)
        region.situation.ignored = [try prefix("0.0.0.0/0")]
        #expect(region.settle().count == 4)
        region.situation.ignored = [try prefix("10.1.0.0/16")]
        region.situation.destinations.removeFirst()
        #expect(region.settle().allSatisfy { $0.action == .forget })
    }

    @Test("a table at its limit keeps what fits and says what does not; propagated routes do not count")
    func full() throws {
        var region = try Region()
        region.situation.limit = 3
        region.settle()
        #expect(
            region.plan().findings
                == ["rtb-a", "rtb-b"].map { table in
                    RouteFinding.full(
                        table: table, limit: 3, prefixes: region.situation.destinations.map(\.prefix).suffix(1))
                })
        // What is there stays there, though it sorts after what is not.
        region.situation.destinations.insert(
            Destination(try prefix("10.0.0.0/16"), network: "net", hosts: ["b1"], subnet: "s-b"), at: 0)
        #expect(region.plan().steps.isEmpty)
        region.situation.limits["rtb-a"] = 2
        #expect(Self.words(region.settle()) == ["delete rtb-a 10.1.0.0/16"])
        region.situation.limits = [:]
        region.situation.limit = 4
        region.put(
            TableRoute(try prefix("192.0.2.0/24"), .foreign("vgw-1"), isPropagated: true), in: "rtb-a")
        region.settle()
        #expect(region.situation.tables[0].count(.ipv4) == 4)
    }

    @Test("with a slot free the wider route is made before those it stands for go, else one makes room")
    func folding() throws {
        var region = try Region()
        region.situation.tables.removeLast()
        region.situation.destinations = try (0..<4).map {
            Destination(
                try prefix("10.1.\($0 * 64).0/18"), network: "net", group: "\($0)", hosts: ["a1"], subnet: "s-a")
        }
        region.settle()
        region.situation.limit = 3
        #expect(
            Self.words(region.settle()) == [
                "delete rtb-a 10.1.0.0/18", "create rtb-a 10.1.0.0/16", "delete rtb-a 10.1.64.0/18",
                "delete rtb-a 10.1.128.0/18", "delete rtb-a 10.1.192.0/18",
            ])
        region.situation.limit = 7
        let back = Self.words(region.settle())
        #expect(back.last == "delete rtb-a 10.1.0.0/16" && back.count == 5)
    }

    @Test("whatever the tables hold, one plan carried out leaves nothing to do and no foreign route changed")
    func settles() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var region = try Region.random(blocks: 8, &random)
            var foreign: [RouteKey: TableRoute] = [:]
            for _ in 0..<(random.next() % 3) {
                let route = TableRoute(
                    try prefix("10.\(random.next() % 4).0.0/16"),
                    random.next() % 2 == 0 ? .foreign("pcx-1") : .interface("eni-x"))
                let table = region.situation.tables[Int(random.next() % 2)].id
                region.put(route, in: table)
                foreign[RouteKey(table, route.prefix)] = route
            }
            region.settle()
            for name in ["a1", "b2"] where random.next() % 2 == 0 { region.grades[name] = .down }
            region.settle()
            for (key, route) in foreign {
                #expect(region.situation.tables.first { $0.id == key.table }?.routes[key.prefix] == route)
            }
            for table in region.situation.tables { #expect(table.count(.ipv4) <= max(region.situation.limit, 4)) }
        }
    }
}
