import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct GrantTests {
    @Test func blocksAreTheLowestFreeOnes() async throws {
        try await withCluster { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            _ = try await cluster.register(.plain("n2", "192.168.0.2"))
            #expect(
                try await cluster.grant(GrantRequest(network: "net", count: 2), to: "n1").texts == [
                    "10.0.0.0/29", "10.0.0.8/29",
                ])
            #expect(try await cluster.grant(GrantRequest(network: "net"), to: "n2").texts == ["10.0.0.16/29"])
            _ = try await cluster.release(try #require(IPPrefix("10.0.0.8/29")), of: "n1")
            #expect(try await cluster.grant(GrantRequest(network: "net"), to: "n2").texts == ["10.0.0.8/29"])
        }
    }

    @Test func theRecordTellsWhoseTheBlockIs() async throws {
        let store = MemoryStore()
        try await withCluster(on: store, topology: Documents.racks) { cluster in
            let host = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "b"]))
            let block = try #require(
                try await cluster.grant(GrantRequest(network: "net", request: "r1"), to: "n1").first)
            #expect(block.cidr.description == "10.0.128.0/29")
            #expect(block.host == "n1" && block.network == "net" && block.grant == "r1" && block.allocated == 0)
            #expect(block.groupCIDR == host.groups["net"]?.cidr && block.group == host.groups["net"]?.path)
            #expect(store.value("/romana/blocks/ipv4/10.0.128.0/29") != nil)
            let six = try #require(try await cluster.grant(GrantRequest(network: "six"), to: "n1").first)
            #expect(store.value("/romana/blocks/ipv6/\(six.cidr)") != nil)
        }
    }

    @Test func aRepeatedRequestGetsTheSameBlocks() async throws {
        let store = MemoryStore()
        try await withClusters(2, on: store) { clusters in
            _ = try await clusters[0].register(.plain("n1", "192.168.0.1"))
            let request = GrantRequest(network: "net", count: 3, request: "r1")
            let first = try await clusters[0].grant(request, to: "n1")
            _ = try await clusters[0].grant(GrantRequest(network: "net", request: "r2"), to: "n1")
            #expect(try await clusters[0].grant(request, to: "n1") == first)
            #expect(try await clusters[1].grant(request, to: "n1") == first)
            #expect(store.keys.filter { $0.contains("/blocks/") }.count == 4)
            // What was given back meanwhile is no longer part of the answer.
            _ = try await clusters[1].release(first[1].cidr, of: "n1")
            #expect(try await clusters[1].grant(request, to: "n1") == [first[0], first[2]])
            await #expect(throws: DaemonError.self) {
                _ = try await clusters[0].grant(GrantRequest(network: "other", request: "r1"), to: "n1")
            }
        }
    }

    @Test func aRequestRepeatedLongAfterwardsGetsTheBlocksThatStillBearItsName() async throws {
        try await withCluster { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            let request = GrantRequest(network: "net", count: 2, request: "r")
            let first = try await cluster.grant(request, to: "n1")
            for number in 0..<2 * GrantLedger.remembered {
                _ = try await cluster.grant(GrantRequest(network: "net", request: "r\(number)"), to: "n1")
            }
            #expect(try await cluster.grant(request, to: "n1") == first)
        }
    }

    @Test func aRequestSentTwiceAtOnceIsGrantedOnce() async throws {
        let store = MemoryStore(delay: .milliseconds(2), lag: .milliseconds(5))
        try await withClusters(2, on: store) { clusters in
            _ = try await clusters[0].register(.plain("n1", "192.168.0.1"))
            await clusters[1].mirror.wait(atMost: .seconds(5)) { $0.hosts["n1"] != nil }
            let answers = try await withThrowingTaskGroup(of: [String].self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let request = GrantRequest(network: "net", count: 2, request: "same")
                        return try await clusters[index % 2].grant(request, to: "n1").texts
                    }
                }
                return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
            }
            #expect(answers == [["10.0.0.0/29", "10.0.0.8/29"]])
            #expect(store.keys.filter { $0.contains("/blocks/") }.count == 2)
        }
    }

    @Test func aFullNetworkGivesWhatIsLeftAndThenRefuses() async throws {
        try await withCluster(topology: Documents.tiny) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            #expect(try await cluster.grant(GrantRequest(network: "net", count: 5), to: "n1").count == 2)
            #expect(cluster.events.events().map(\.kind) == [.topology, .groupFull])
            try await expect(409, naming: "10.0.0.0/28") {
                try await cluster.grant(GrantRequest(network: "net"), to: "n1")
            }
        }
    }

    @Test func aFullGroupSpillsIntoTheNextAndSaysSo() async throws {
        let twoRacks = """
            {"networks": [{"name": "net", "cidr": "10.0.0.0/27", "block_mask": 29}], "topologies": [{"networks": ["net"],
              "map": [{"name": "a", "assignment": {"rack": "a"}}, {"name": "b", "assignment": {"rack": "b"}}]}]}
            """
        try await withCluster(topology: twoRacks) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "a"]))
            _ = try await cluster.register(.plain("n2", "192.168.0.2", tags: ["rack": "b"]))
            let own = try await cluster.grant(GrantRequest(network: "net", count: 2), to: "n1")
            #expect(own.texts == ["10.0.0.0/29", "10.0.0.8/29"] && cluster.events.events().map(\.kind) == [.topology])
            let spilled = try await cluster.grant(GrantRequest(network: "net"), to: "n1")
            // From the end, where the hosts of the group come last.
            #expect(spilled.texts == ["10.0.0.24/29"] && spilled[0].group == "b")
            #expect(cluster.metrics.value(.spills) == 1)
            let event = try #require(cluster.events.events().last)
            #expect(event.kind == .spill && event.subject == "n1" && event.message.contains("group b (10.0.0.16/28)"))
            let detail = try cluster.mirror.read { state throws(DaemonError) in try state.detail(ofNetwork: "net") }
            #expect(detail.blocks.granted == 3 && detail.blocks.spilled == 1 && !detail.blocks.isFull)
            #expect(detail.groups.map(\.blocks.isFull) == [true, false])
            #expect(detail.groups.map(\.blocks.spilled) == [0, 1])
            #expect(try await cluster.grant(GrantRequest(network: "net"), to: "n2").texts == ["10.0.0.16/29"])
        }
    }

    @Test func manyRequestsAtOnceAreFewTransactions() async throws {
        let store = MemoryStore(delay: .milliseconds(2))
        try await withCluster(on: store, topology: Documents.eight) { cluster in
            for index in 0..<50 { _ = try await cluster.register(.plain("n\(index)", "192.168.0.\(index + 1)")) }
            let before = store.commits
            let granted = try await withThrowingTaskGroup(of: [String].self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let request = GrantRequest(network: "net", request: "r\(index / 50)")
                        return try await cluster.grant(request, to: "n\(index % 50)").texts
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(Set(granted).count == 200)
            #expect(store.commits - before < 20, "\(store.commits - before)")
        }
    }

    @Test func anUnreadableRecordKeepsItsBlockFromOthers() async throws {
        let store = MemoryStore()
        store.put("/romana/blocks/ipv4/10.0.0.0/29", Array("not json".utf8))
        try await withCluster(on: store) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            #expect(try await cluster.grant(GrantRequest(network: "net"), to: "n1").texts == ["10.0.0.8/29"])
        }
    }

    @Test(arguments: [
        (GrantRequest(network: "net", count: 0), "n1", 400), (GrantRequest(network: "net", count: 33), "n1", 400),
        (GrantRequest(network: ""), "n1", 400), (GrantRequest(network: "net"), "n9", 404),
        (GrantRequest(network: "other"), "n1", 422),
        (GrantRequest(network: "net", request: String(repeating: "x", count: 129)), "n1", 400),
    ])
    func whatCannotBeGrantedIsRefused(_ request: GrantRequest, host: String, status: Int) async throws {
        try await withCluster { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            let error = await #expect(throws: DaemonError.self) { _ = try await cluster.grant(request, to: host) }
            #expect(error?.statusCode == status)
        }
    }
}

extension [BlockRecord] {
    /// The CIDRs as text.
    var texts: [String] { map(\.cidr.description) }
}
