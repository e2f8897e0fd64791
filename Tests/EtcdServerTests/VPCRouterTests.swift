import AWS
import Addresses
import Duties
import Etcd
import Synchronization
import Testbed
import Testing

extension RoutedCluster {
    /// Two hosts in each of two zones, and a table for each zone.
    func twoZones() async throws {
        for name in ["a1", "a2", "b1", "b2"] { try await host(name) }
        let local = EC2Route(
            destination: .prefix(try #require(IPPrefix("172.16.0.0/16"))), target: .local, origin: .table)
        let way = EC2Route(destination: .prefix(try #require(IPPrefix("0.0.0.0/0"))), target: .natGateway("nat-1"))
        cloud.addTable("rtb-a", zones: ["a"], routes: [local, way])
        cloud.addTable("rtb-b", zones: ["b"], routes: [local, way])
    }

    /// Whether both tables lead to both groups.
    var isRouted: Bool {
        ["rtb-a", "rtb-b"].allSatisfy { Set(cloud.routes($0).keys) == ["10.1.0.0/16", "10.2.0.0/16"] }
    }
}

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func everyTableLeadsToEveryGroupAndPodsThatComeAndGoAskNobody() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            cluster.cloud.addTable("rtb-other", zones: ["elsewhere"])
            try await cluster.block("10.1.0.0/29", of: "a1")
            try await cluster.routing { board in
                try await eventually("there are routes") { cluster.isRouted && board.vpcRouter?.isInSync == true }
                #expect(cluster.cloud.routes("rtb-other") == [:])
                #expect(try await cluster.records().count == 4)
                #expect(cluster.cloud.count("DescribeInstances") <= 4 && cluster.cloud.count("CreateRoute") == 4)

                let before = cluster.cloud.calls.count
                for count in 1...20 {
                    try await cluster.block("10.1.0.0/29", of: "a1", allocated: count % 8, tenant: "t\(count % 3)")
                    try await cluster.block("10.2.0.\(count * 8)/29", of: "b1")
                }
                cluster.node("a1", isReady: true)
                try await Task.sleep(for: .seconds(2))
                #expect(cluster.cloud.calls.count == before, "\(cluster.cloud.calls)")

                // A block that spills out of its group is a matter of routes.
                try await cluster.block("10.1.200.0/29", of: "b1")
                try await eventually("it is routed") {
                    cluster.cloud.routes("rtb-a")["10.1.200.0/29"] == "eni-b1"
                        && cluster.cloud.routes("rtb-b")["10.1.200.0/29"] == "eni-b1"
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHostThatFallsSilentLosesItsRoutesForGoodAndAllAtOnceLoseNone() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            // Long enough for all to fall silent between two questions on a busy machine.
            var settings = cluster.settings
            settings.checks[0].interval = .seconds(1)
            try await cluster.routing(settings) { board in
                try await eventually("there are routes") { cluster.isRouted && board.vpcRouter?.isInSync == true }
                try await cluster.silence("a1")
                try await eventually("a2 has them all") {
                    ["rtb-a", "rtb-b"].allSatisfy { cluster.cloud.routes($0)["10.1.0.0/16"] == "eni-a2" }
                }
                try await eventually("it is said") {
                    board.vpcRouter?.hosts.first { $0.name == "a1" }?.health == "down"
                }
                let moves = cluster.cloud.count("ReplaceRoute")
                try await cluster.answer("a1")
                try await eventually("it is back") {
                    board.vpcRouter?.hosts.first { $0.name == "a1" }?.health == "recovering"
                }
                try await cluster.silence("a1", "a2", "b1", "b2")
                try await eventually("nobody is heard: \(board.vpcRouter?.hosts.map(\.health) ?? [])") {
                    board.vpcRouter?.hosts.allSatisfy { $0.health == "unclear" } ?? false
                }
                try await Task.sleep(for: .seconds(1))
                #expect(cluster.cloud.count("ReplaceRoute") == moves)
                // A witness that speaks against a host is believed.
                try await cluster.etcd.delete("/r/alive/a2")
                try await eventually("a1 has them") {
                    ["rtb-a", "rtb-b"].allSatisfy { cluster.cloud.routes($0)["10.1.0.0/16"] == "eni-a1" }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: 0...4)
    func aSuccessorFinishesWhatALeaderLeftInTheMiddle(_ changes: Int) async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            cluster.cloud.state.withLock { $0.changesLeft = changes }
            try await cluster.routing(as: "first") { _ in
                try await eventually("it hangs, or is done") {
                    cluster.cloud.state.withLock { $0.changesLeft } <= (changes == 4 ? 0 : -1)
                }
            }
            cluster.cloud.state.withLock { $0.changesLeft = .max }
            try await cluster.routing(as: "second") { board in
                try await eventually("there are routes") { cluster.isRouted && board.vpcRouter?.isInSync == true }
                #expect(try await cluster.records().count == 4)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func routesOfOthersStayAndOursGoWithTheirGroups() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            let foreign = EC2Route(
                destination: .prefix(try #require(IPPrefix("10.2.0.0/16"))), target: .peering("pcx-1"))
            let other = EC2Route(
                destination: .prefix(try #require(IPPrefix("10.9.0.0/16"))),
                target: .networkInterface("eni-nobody", instanceID: nil))
            cluster.cloud.state.withLock { $0.tables["rtb-a"]?.routes += [foreign, other] }
            try await cluster.routing { board in
                try await eventually("there are routes") {
                    cluster.cloud.routes("rtb-a")["10.1.0.0/16"] != nil && cluster.cloud.routes("rtb-b").count == 2
                }
                try await eventually("it is said") {
                    board.vpcRouter?.findings == ["rtb-a has somebody else's route to 10.2.0.0/16, by pcx-1"]
                }
                // The group of zone a ends.
                for name in ["a1", "a2"] { try await cluster.etcd.delete("/r/hosts/\(name)") }
                try await eventually("its routes go") {
                    cluster.cloud.routes("rtb-a") == ["10.9.0.0/16": "eni-nobody"]
                        && cluster.cloud.routes("rtb-b")["10.1.0.0/16"] == nil
                }
                try await eventually("so do the records") { try await cluster.records() == ["rtb-b/10.2.0.0/16"] }
                #expect(cluster.cloud.state.withLock { $0.tables["rtb-a"]?.routes.contains(foreign) } == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aTableThatIsFullIsFoundOutAndSaidAndTheOthersAreServed() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            cluster.cloud.state.withLock { $0.most = 3 }
            try await cluster.routing { board in
                try await eventually("it is said") {
                    board.vpcRouter?.tables.map(\.out.count) == [1, 1] && board.vpcRouter?.isInSync == true
                }
                #expect(cluster.cloud.routes("rtb-a").count == 1 && cluster.cloud.routes("rtb-b").count == 1)
                #expect(cluster.cloud.count("CreateRoute") <= 6)
                #expect(board.vpcRouter?.failures["RouteLimitExceeded"] ?? 0 > 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func withoutTheKubernetesAPIHostsAreFoundByTheirAddresses() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            var settings = cluster.settings
            settings.vpcID = "vpc-1"
            try await cluster.routing(settings, hasKubernetes: false) { _ in
                try await eventually("there are routes") { cluster.isRouted }
                #expect(cluster.cloud.count("DescribeInstances") == 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["DescribeInstances", "DescribeRouteTables"])
    func aCloudThatAnswersNothingIsAskedMoreAndMoreSeldomAndThenServed(_ call: String) async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            cluster.cloud.state.withLock {
                $0.failures[call] = AWSError(.throttled, "too much", name: "RequestLimitExceeded")
            }
            try await cluster.routing { board in
                try await eventually("it is said") { board.vpcRouter?.problem == "too much" }
                // Waits are half a second at least, then one, two, four; nothing else would be news.
                try await Task.sleep(for: .seconds(7))
                #expect(cluster.cloud.count(call) <= 5, "\(cluster.cloud.calls)")
                cluster.cloud.state.withLock { $0.failures = [:] }
                try await eventually("there are routes") { cluster.isRouted && board.vpcRouter?.problem == nil }
            }
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [10, 1000])
    func aSteadyClusterCostsTheSameCallsHoweverManyNodesItHas(_ nodes: Int) async throws {
        try await Self.withRoutes { cluster in
            for zone in ["a", "b"] { cluster.cloud.addTable("rtb-\(zone)", zones: [zone]) }
            for number in 1...(nodes / 2) {
                for zone in ["a", "b"] {
                    let address = try #require(IPAddress("127.1.1.1")?.advanced(by: UInt128(number)))
                    try await cluster.etcd.put(
                        "/r/hosts/\(zone)\(number)",
                        bytes(
                            """
                            {"name": "\(zone)\(number)", "ip": "\(address)", "groups": {"net": \
                            {"path": "\(zone)", "cidr": "10.\(zone == "a" ? 1 : 2).0.0/16"}}}
                            """))
                    cluster.cloud.add("\(zone)\(number)", address, zone: zone)
                    cluster.node("\(zone)\(number)", isReady: true)
                }
            }
            var settings = VPCRouterSettings()
            settings.checks = []
            settings.recheck = .milliseconds(500)
            try await cluster.routing(settings) { board in
                try await eventually("there are routes", within: .seconds(60)) {
                    cluster.isRouted && board.vpcRouter?.isInSync == true
                }
                let before = cluster.cloud.calls.count
                let looks = cluster.cloud.count("DescribeRouteTables")
                try await eventually("it has looked often", within: .seconds(60)) {
                    cluster.cloud.count("DescribeRouteTables") >= looks + 8
                }
                let since = Set(cluster.cloud.calls.dropFirst(before))
                #expect(since == ["DescribeRouteTables"])
                // As often as it is told to look: 120 an hour at the usual 30 s, each one call for all tables.
                #expect(cluster.cloud.count("DescribeInstances") < 10)
            }
        }
    }
}
