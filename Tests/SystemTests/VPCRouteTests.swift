import AWS
import Testbed
import Testing

extension SystemTests {
    /// The duty vpcrouter against moto, with packets that cross a router which holds what moto's tables say.
    @Suite("Routes in a VPC", .enabled(if: MotoServer.folder != nil, "\(MotoServer.absence)"))
    struct VPCRouteTests {
        @Test("Of 30 hosts in 3 zones one falls silent, and its routes move; it returns, and nothing flaps")
        func failover() async throws {
            try await VPCStage.run(perZone: 10, agents: 0) { stage in
                let main = try #require(
                    try await stage.tables().keys.first { !stage.cloud.network.tables.values.contains($0) })
                // Somebody else's routes, in a table of a zone and in one of nobody's.
                let table = try #require(stage.cloud.network.tables.values.min())
                let gateway = try #require(
                    try await stage.cloud.moto.call("CreateInternetGateway").elements("internetGatewayId").first)
                try await stage.cloud.moto.call(
                    "AttachInternetGateway", ["InternetGatewayId": gateway, "VpcId": stage.cloud.network.id])
                for (prefix, id) in [("0.0.0.0/0", table), ("10.200.0.0/16", table), ("10.112.0.0/16", main)] {
                    try await stage.cloud.moto.call(
                        "CreateRoute", ["RouteTableId": id, "DestinationCidrBlock": prefix, "GatewayId": gateway])
                }
                try await stage.startCarrier("c1")
                try await stage.waitUntilRouted()
                let before = try await stage.zoneTables()
                #expect(before.values.allSatisfy { Set($0.keys) == stage.prefixes })
                // Each of the zone's tables leads to a zone by another host.
                for prefix in stage.prefixes { #expect(Set(before.values.compactMap { $0[prefix] }).count == 3) }

                let interface = try #require(before[table]?["10.112.0.0/16"])
                let victim = try #require(stage.hosts.values.first { $0.interface == interface })
                let clock = ContinuousClock()
                let start = clock.now
                try await stage.cloud.setSilent(true, victim)
                try await eventually("its routes have moved", within: .seconds(30)) {
                    try await stage.zoneTables().values.allSatisfy { !$0.values.contains(interface) }
                }
                print("VPC: routes of a silent host moved after \(clock.now - start)")
                let after = try await stage.zoneTables()
                #expect(after.values.allSatisfy { Set($0.keys) == stage.prefixes })
                for (id, routes) in before {
                    for (prefix, target) in routes where target != interface { #expect(after[id]?[prefix] == target) }
                }

                try await stage.cloud.setSilent(false, victim)
                let name = try #require(stage.host(of: interface))
                try await eventually("it is back, and on its way to be as good as new", within: .seconds(30)) {
                    try await !stage.cluster.keys(below: "/romana/routes/vpc/status").values.contains {
                        $0.contains(#""\#(name)""#) && $0.contains(#""down""#)
                    }
                }
                try await Task.sleep(for: .seconds(5))
                #expect(try await stage.zoneTables() == after)
                let text = try await stage.cloud.moto.call("DescribeRouteTables")
                for prefix in ["0.0.0.0/0", "10.200.0.0/16"] { #expect(text.contains(prefix)) }
                #expect(try await stage.tables()[main]?.isEmpty ?? false)
            }
        }

        @Test("A leader is killed in the middle of a pass, and the next one finishes it")
        func killedLeader() async throws {
            try await VPCStage.run(perZone: 2, agents: 0) { stage in
                // Enough to do: blocks that spilled into a group of nobody's, none beside another.
                let host = try #require(stage.hosts.keys.min())
                let spills = stride(from: 0, to: 240, by: 16).map { "10.115.0.\($0)/29" }
                for cidr in spills {
                    let record = #"{"cidr": "\#(cidr)", "network": "pods", "host": "\#(host)"}"#
                    try await stage.cluster.etcdctl(["put", "/romana/blocks/ipv4/\(cidr)", record]).checked()
                }
                let all = stage.prefixes.union(spills)
                func left() async throws -> Int {
                    try await stage.zoneTables().values.map { all.subtracting($0.keys).count }.reduce(0, +)
                }
                try await stage.startCarrier("c1")
                // As soon as the first route is there.
                try await eventually("it has begun", within: .seconds(60), every: .milliseconds(5)) {
                    try await left() < 3 * all.count
                }
                await stage.killCarrier("c1")
                print("VPC: the leader left \(try await left()) of \(3 * all.count) routes to its successor")
                try await stage.startCarrier("c2")
                try await eventually("all is done", within: .seconds(60), every: .milliseconds(100)) {
                    try await left() == 0
                }
                try await eventually("and on record") {
                    try await stage.cluster.keys(below: "/romana/routes/vpc/tables/").count == 3 * all.count
                }
            }
        }

        @Test("A table at its quota keeps what fits, and what does not is said")
        func quota() async throws {
            try await VPCStage.run(perZone: 1, agents: 0, routesPerTable: 3) { stage in
                try await stage.startCarrier("c1")
                try await eventually("it is said", within: .seconds(60)) {
                    let status = try await stage.cluster.keys(below: "/romana/routes/vpc/status").values.first ?? ""
                    return stage.cloud.network.tables.values.allSatisfy {
                        status.contains("\($0) has no room (limit 3) for 10.11")
                    }
                }
                // One place is the VPC's own route's.
                #expect(try await stage.zoneTables().values.allSatisfy { $0.count == 2 })
            }
        }

        @Test("Pods of different zones talk in both families, before and after hosts die that their packets came in by")
        func packets() async throws {
            try await VPCStage.run(perZone: 2, agents: 2, mtu: 9001, families: .dual) { stage in
                try await stage.startCarrier("c1")
                try await stage.startCarrier("c2")
                try await stage.waitUntilRouted()
                for node in stage.cluster.nodes {
                    // As strict as it gets.
                    try await Program(
                        "sh", ["-c", "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 1 >$f; done"],
                        namespace: node.site.namespace?.path
                    ).run().checked()
                }
                var residents: [Resident] = []
                for node in stage.cluster.nodes {
                    let pod = try await node.makePod()
                    let addresses = try await pod.add().map { String($0.prefix { $0 != "/" }) }
                    residents.append(
                        Resident(
                            pod: pod, address4: try #require(addresses.first { !$0.contains(":") }),
                            address6: try #require(addresses.first { $0.contains(":") })))
                }
                try await eventually("every pod reaches every other", within: .seconds(60)) {
                    for from in residents {
                        for address in residents.flatMap(\.addresses)
                        where try await !from.pod.pings(address, seconds: 1) { return false }
                    }
                    return true
                }
                // The whole of the VPC's packets, and not a byte less.
                let last = try #require(residents.last)
                for (address, size) in [(last.address4, 8973), (last.address6, 8953)] {
                    let words = ["ping", "-c", "1", "-W", "2", "-s", "\(size)", address]
                    let namespace = residents[0].pod.namespace.path
                    #expect(try await Program("busybox", words, namespace: namespace).run().status.isSuccess)
                }
                try await Self.failOver(stage, residents, to: "10.114.0.0/16", \.address4)
                try await Self.failOver(stage, residents, to: "fd00:112:0:8000::/50", \.address6)
            }
        }

        @Test("What goes to an address that no host has a block for ends where it comes in, and does not go round")
        func nobodysAddress() async throws {
            try await VPCStage.run(perZone: 2, agents: 2, families: .dual) { stage in
                try await stage.startCarrier("c1")
                try await stage.waitUntilRouted()
                let pod = try await stage.cluster.nodes[0].makePod()
                _ = try await pod.add()
                let addresses4 = VPCStage.zones.values.map { ("\($0)200.1", "Destination Host Unreachable") }
                let addresses6 = ["", "0:4000:", "0:8000:"].map {
                    ("fd00:112:\($0):200:1", "Destination unreachable: ")
                }
                for (address, words) in addresses4 + addresses6 {
                    let ping = ["-c", "1", "-W", "2", address]
                    try await eventually("it is said that nobody is \(address)", within: .seconds(30)) {
                        let answer = try await Program("ping", ping, namespace: pod.namespace.path).run().output
                        return String(decoding: answer, as: UTF8.self).contains(words)
                    }
                }
            }
        }

        /// A pod with its addresses.
        private struct Resident: Sendable {
            let pod: Pod
            let address4: String
            let address6: String
            var addresses: [String] { [address4, address6] }
        }

        /// Has the host die by which the first zone reaches the last one, and tells what was lost of a stream to a pod on
        /// the other host there.
        private static func failOver(
            _ stage: VPCStage, _ residents: [Resident], to prefix: String,
            _ address: @Sendable (Resident) -> String
        ) async throws {
            let zones = stage.cloud.network.tables.keys.sorted()
            let table = try #require(stage.cloud.network.tables[zones[0]])
            let interface = try #require(try await stage.tables()[table]?[prefix])
            let entry = try #require(stage.hosts.values.first { $0.interface == interface })
            let index = try #require(
                stage.cluster.nodes.indices.first { number in
                    let instance = stage.hosts["node\(number + 1)"]
                    return instance?.zone == entry.zone && instance != entry
                })
            let (first, far) = (residents[0], address(residents[index]))
            let stream = try await first.pod.startPinging(far, log: stage.cluster.directory.file("stream.log"))
            try await Task.sleep(for: .seconds(1))
            let clock = ContinuousClock()
            let start = clock.now
            try await stage.cloud.setSilent(true, entry)
            try await eventually("another host has the route to \(prefix)", within: .seconds(30)) {
                try await stage.tables()[table]?[prefix] != interface
            }
            print("VPC: the route of a stream to \(prefix) moved after \(clock.now - start)")
            try await eventually("the pod is reached again", within: .seconds(30)) {
                try await first.pod.pings(far, seconds: 1)
            }
            try await Task.sleep(for: .seconds(1))
            let tally = await stream.finish()
            let all = tally.answered + tally.lost.count
            print("VPC: of a stream of \(all) pings to \(far) \(tally.lost.count) were lost in the failover")
            #expect(tally.answered > 50)
            // All routes to the dead host are led to the other one.
            try await eventually("the living are reached", within: .seconds(30)) {
                for resident in [residents[0], residents[index]] {
                    for own in resident.addresses where try await !first.pod.pings(own, seconds: 1) { return false }
                }
                return true
            }
            try await stage.cloud.setSilent(false, entry)
            for own in residents.flatMap(\.addresses) {
                try await eventually("every pod is reached", within: .seconds(30)) {
                    try await first.pod.pings(own, seconds: 1)
                }
            }
        }
    }
}
