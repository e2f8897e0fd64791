import AWS
import Addresses
import Duties
import Synchronization
import Testbed
import Testing

extension RoutedCluster {
    /// Puts a route to an interface into a table.
    func put(_ cidr: String, to interface: String, in table: String, _ state: EC2Route.State = .active) throws {
        let route = EC2Route(
            destination: .prefix(try #require(IPPrefix(cidr))),
            target: .networkInterface(interface, instanceID: nil), state: state)
        cloud.state.withLock { $0.tables[table]?.routes.append(route) }
    }
}

extension AgainstEtcd {
    @Test(.timeLimit(.minutes(1)))
    func routesThatAnotherMadeToOurHostsAreTakenOverAsTheyAreAndThenFailOver() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            try cluster.put("10.1.0.0/16", to: "eni-a2", in: "rtb-a")
            // Its host and its interface are gone; another's appliance is only stopped.
            try cluster.put("10.2.0.0/16", to: "eni-gone", in: "rtb-a", .blackhole)
            try cluster.put("10.1.0.0/16", to: "eni-box", in: "rtb-b", .blackhole)
            cluster.cloud.add("box", try #require(IPAddress("127.9.9.9")), zone: "a")
            var settings = cluster.settings
            settings.recheck = .milliseconds(200)
            // Long enough for answers on a busy machine.
            settings.checks[0].interval = .seconds(1)
            try await cluster.routing(settings) { board in
                try await eventually("there are routes") {
                    try await cluster.records().sorted() == [
                        "rtb-a/10.1.0.0/16", "rtb-a/10.2.0.0/16", "rtb-b/10.2.0.0/16",
                    ] && board.vpcRouter?.isInSync == true
                }
                #expect(cluster.cloud.routes("rtb-a")["10.1.0.0/16"] == "eni-a2")
                #expect(["eni-b1", "eni-b2"].contains(cluster.cloud.routes("rtb-a")["10.2.0.0/16"]))
                #expect(cluster.cloud.routes("rtb-b")["10.1.0.0/16"] == "eni-box")
                #expect(board.vpcRouter?.findings == ["rtb-b has somebody else's route to 10.1.0.0/16, by eni-box"])
                // Looks come often here, and whether an interface exists is asked once a minute.
                let looks = cluster.cloud.count("DescribeRouteTables")
                try await eventually("it has looked often") {
                    cluster.cloud.count("DescribeRouteTables") >= looks + 5
                }
                #expect(cluster.cloud.count("DescribeNetworkInterfaces") == 1)
                try await cluster.silence("a2")
                try await eventually("a1 has it: \(board.vpcRouter?.hosts.map { "\($0.name) \($0.health)" } ?? [])") {
                    cluster.cloud.routes("rtb-a")["10.1.0.0/16"] == "eni-a1"
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func tablesThatAreNotChosenAnyMoreLoseOurRoutesOnceThoseThatAreWereFound() async throws {
        try await Self.withRoutes { cluster in
            try await cluster.twoZones()
            cluster.cloud.addTable("rtb-c", zones: ["a"])
            var settings = cluster.settings
            settings.recheck = .milliseconds(200)
            try await cluster.routing(settings) { board in
                try await eventually("there are routes") { try await cluster.records().count == 6 }
            }
            // Somebody took one for his own, and a table is gone.
            cluster.cloud.state.withLock { state in
                let prefix = IPPrefix("10.2.0.0/16").map { EC2Route.Destination.prefix($0) }
                state.tables["rtb-b"]?.routes.removeAll { $0.destination == prefix }
                state.tables["rtb-c"] = nil
            }
            try cluster.put("10.2.0.0/16", to: "eni-other", in: "rtb-b")
            settings.tables = ["rtb-a", "rtb-typo"]
            try await cluster.routing(settings) { board in
                try await eventually("it is said") {
                    board.vpcRouter?.findings.contains { $0.hasPrefix("there is no route table rtb-typo") } ?? false
                }
                try await Task.sleep(for: .seconds(1))
                #expect(try await cluster.records().count == 6 && cluster.cloud.count("DeleteRoute") == 0)
            }
            settings.tables = ["rtb-a"]
            try await cluster.routing(settings) { board in
                try await eventually("records are of one table") {
                    try await cluster.records().sorted() == ["rtb-a/10.1.0.0/16", "rtb-a/10.2.0.0/16"]
                }
                #expect(cluster.cloud.count("DeleteRoute") == 1)
                #expect(cluster.cloud.routes("rtb-b") == ["10.2.0.0/16": "eni-other"])
                #expect(cluster.cloud.routes("rtb-a").count == 2)
                try await eventually("it is in order") { board.vpcRouter?.isInSync == true }
                // Other tables are looked at as long as there are records of them, and no longer.
                let looks = cluster.cloud.looks.count
                try await eventually("it has looked often") { cluster.cloud.looks.count >= looks + 5 }
                #expect(cluster.cloud.looks.dropFirst(looks + 1).allSatisfy { $0.ids == ["rtb-a"] })
            }
        }
    }
}
