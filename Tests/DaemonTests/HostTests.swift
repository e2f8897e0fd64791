import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct HostTests {
    @Test func aHostIsPlacedWhereItsLabelsFit() async throws {
        try await withCluster(topology: Documents.racks) { cluster in
            let host = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "b"]))
            #expect(host.groups["net"]?.cidr.description == "10.0.128.0/17")
            #expect(host.groups["six"]?.cidr.description == "fd00:10::/64")
            #expect(host.ip == "192.168.0.1" && host.agentPort == 9604)
            // No rack fits, but the network without labels takes it.
            let other = try await cluster.register(.plain("n2", "192.168.0.2"))
            #expect(other.groups.keys.sorted() == ["six"])
        }
    }

    @Test func theSameHostAgainChangesNothing() async throws {
        let store = MemoryStore()
        try await withClusters(2, on: store) { clusters in
            let first = try await clusters[0].register(.plain("n1", "192.168.0.1"))
            let changes = store.history.count
            #expect(try await clusters[0].register(.plain("n1", "192.168.0.1")) == first)
            #expect(try await clusters[1].register(.plain("n1", "192.168.0.1")) == first)
            #expect(store.history.count == changes)
        }
    }

    @Test func aNameOrAddressOfAnotherIsRefusedNamingBoth() async throws {
        try await withCluster { cluster in
            _ = try await cluster.register(HostRequest(name: "n1", ip: "192.168.0.1", addresses: ["fd00::1"]))
            for request in [
                HostRequest.plain("n1", "192.168.0.9"), .plain("n2", "192.168.0.1"), .plain("n2", "fd00::1"),
                HostRequest(name: "n2", ip: "192.168.0.2", addresses: ["192.168.0.1"]),
            ] {
                try await expect(409, naming: "host n1 has address") { try await cluster.register(request) }
                try await expect(409, naming: "add host \(request.name)") { try await cluster.register(request) }
            }
        }
    }

    @Test func aHostKeepsItsNameAndBlocksUnderAnotherAddressIfItsMachineIsTheSame() async throws {
        try await withCluster { cluster in
            var request = HostRequest(name: "n1", ip: "192.168.0.1", addresses: ["192.168.0.1", "fd00::1"])
            request.kubernetes = ["machine_id": "m", "uid": "u"]
            let first = try await cluster.register(request)
            request.ip = "192.168.0.9"
            request.addresses = nil
            for machine in ["", "other"] {
                request.kubernetes = ["machine_id": machine]
                let stranger = request
                try await expect(409, naming: "host n1 has address 192.168.0.1") {
                    try await cluster.register(stranger)
                }
            }
            request.kubernetes = ["machine_id": "m", "uid": "u"]
            let moved = try await cluster.register(request)
            #expect(moved.addresses.map(\.description) == ["192.168.0.9"])
            #expect(moved.groups == first.groups)
            // What it left is anybody's, what another has is not its own.
            _ = try await cluster.register(.plain("n2", "192.168.0.1"))
            request.ip = "192.168.0.1"
            let back = request
            try await expect(409, naming: "host n2 has address 192.168.0.1") { try await cluster.register(back) }
        }
    }

    @Test func labelsAndFurtherAddressesMayChange() async throws {
        try await withCluster(topology: Documents.racks) { cluster in
            let first = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "a"]))
            var request = HostRequest(name: "n1", ip: "192.168.0.1", addresses: ["192.168.0.1", "fd00::1"])
            let second = try await cluster.register(request)
            #expect(second.tags == ["rack": "a"] && second.addresses.count == 2)
            #expect(second.groups == first.groups && second.revision == first.revision + 1)
            request.tags = ["rack": "a", "disk": "ssd"]
            #expect(try await cluster.register(request).tags["disk"] == "ssd")
        }
    }

    @Test func newLabelsMoveAHostForItsNewBlocksOnly() async throws {
        try await withCluster(topology: Documents.racks) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "a"]))
            let old = try await cluster.grant(GrantRequest(network: "net"), to: "n1")
            let moved = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "b"]))
            #expect(moved.groups["net"]?.path == "rack-b" && moved.groups["six"]?.path == "all")
            let new = try await cluster.grant(GrantRequest(network: "net"), to: "n1")
            #expect(old.texts == ["10.0.0.0/29"] && new.texts == ["10.0.128.0/29"])
            let kept = cluster.mirror.read { $0.blocks[old[0].cidr]?.value }
            #expect(kept == old[0])
            let events = cluster.events.events().filter { $0.kind == .hostMoved }
            #expect(events.map(\.subject) == ["n1"] && events[0].message.contains("rack-b (10.0.128.0/17)"))
            // No rack at all: the network without labels still takes it.
            let out = try await cluster.register(.plain("n1", "192.168.0.1", tags: [:]))
            #expect(out.groups.keys.sorted() == ["six"])
        }
    }

    @Test func labelsThatNoGroupTakesAreRefused() async throws {
        let only = """
            {"networks": [{"name": "net", "cidr": "10.0.0.0/16"}], "topologies": [{"networks": ["net"],
              "map": [{"name": "rack-a", "assignment": {"rack": "a"}}]}]}
            """
        try await withCluster(topology: only) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "a"]))
            try await expect(409, naming: "rack-a") {
                try await cluster.register(.plain("n1", "192.168.0.1", tags: ["rack": "b"]))
            }
            #expect(cluster.mirror.read { $0.hosts["n1"]?.value.tags } == ["rack": "a"])
        }
    }

    @Test func hostsSpreadOverGroupsByLoad() async throws {
        let store = MemoryStore(delay: .milliseconds(1))
        try await withClusters(2, on: store, topology: Documents.eight) { clusters in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<48 {
                    group.addTask {
                        _ = try await clusters[index % 2].register(.plain("n\(index)", "192.168.0.\(index + 1)"))
                    }
                }
                try await group.waitForAll()
            }
            await clusters[0].mirror.wait(atMost: .seconds(5)) { $0.hosts.count == 48 }
            let loads = clusters[0].mirror.read { state in
                state.hosts.values.reduce(into: [String: Int]()) {
                    $0[$1.value.groups["net"]?.path ?? "", default: 0] += 1
                }
            }
            #expect(loads.count == 8 && loads.values.allSatisfy { $0 == 6 }, "\(loads)")
        }
    }

    @Test func manyHostsAtOnceAreFewTransactions() async throws {
        let store = MemoryStore(delay: .milliseconds(2))
        try await withCluster(on: store, topology: Documents.eight) { cluster in
            let before = store.commits
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<400 {
                    let request = HostRequest.plain("n\(index)", "192.168.\(index / 200).\(index % 200 + 1)")
                    group.addTask { _ = try await cluster.register(request) }
                }
                try await group.waitForAll()
            }
            #expect(store.commits - before < 20, "\(store.commits - before)")
            let loads = cluster.mirror.read { state in
                state.hosts.values.reduce(into: [String: Int]()) {
                    $0[$1.value.groups["net"]?.path ?? "", default: 0] += 1
                }
            }
            #expect(loads.count == 8 && loads.values.allSatisfy { $0 == 50 }, "\(loads)")
        }
    }

    @Test func recordsOfManyLabelsDoNotMakeTooLargeATransaction() async throws {
        let store = MemoryStore(delay: .milliseconds(2))
        try await withCluster(on: store, topology: Documents.eight) { cluster in
            let label = String(repeating: "x", count: 60_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 {
                    let request = HostRequest.plain("n\(index)", "192.168.0.\(index + 1)", tags: ["label": label])
                    group.addTask { _ = try await cluster.register(request) }
                }
                try await group.waitForAll()
            }
            #expect(store.largest < 1_400_000, "\(store.largest)")
            #expect(cluster.mirror.read { $0.hosts.count } == 40)
        }
    }

    @Test func oneAddressIsNeverGivenToTwoHostsAtOnce() async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(3))
        try await withClusters(2, on: store) { clusters in
            let statuses = await withTaskGroup(of: Int.self) { group in
                for index in 0..<10 {
                    group.addTask {
                        do {
                            _ = try await clusters[index % 2].register(.plain("n\(index)", "192.168.0.1"))
                            return 200
                        } catch {
                            return (error as? DaemonError)?.statusCode ?? 0
                        }
                    }
                }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + [Int](repeating: 409, count: 9))
        }
    }

    @Test func removalFreesEveryBlock() async throws {
        let store = MemoryStore()
        try await withCluster(on: store, topology: Documents.eight) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            for _ in 0..<8 { _ = try await cluster.grant(GrantRequest(network: "net", count: 32), to: "n1") }
            #expect(store.keys.filter { $0.contains("/blocks/") }.count == 256)
            try await cluster.remove(host: "n1", isForced: false)
            #expect(store.keys == ["/romana/topology"])
            try await expect(404, naming: "n1") { try await cluster.remove(host: "n1", isForced: false) }
        }
    }

    @Test func aLiveHostIsRemovedOnlyByForce() async throws {
        let store = MemoryStore()
        try await withCluster(on: store) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            store.put(cluster.keys.alive("n1"), [])
            try await expect(409, naming: "alive") { try await cluster.remove(host: "n1", isForced: false) }
            try await cluster.remove(host: "n1", isForced: true)
            #expect(!store.keys.contains(cluster.keys.host("n1")))
        }
    }

    @Test func aHostThatGoesWhileItIsGrantedBlocksLeavesNone() async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(2))
        try await withClusters(2, on: store) { clusters in
            for round in 0..<10 {
                _ = try await clusters[0].register(.plain("n1", "192.168.0.1"))
                await clusters[1].mirror.wait(atMost: .seconds(5)) { $0.hosts["n1"] != nil }
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<4 {
                        group.addTask {
                            let request = GrantRequest(network: "net", count: 2, request: "\(round)-\(index)")
                            _ = try? await clusters[index % 2].grant(request, to: "n1")
                        }
                    }
                    group.addTask { try? await clusters[1].remove(host: "n1", isForced: false) }
                    await group.waitForAll()
                }
                #expect(store.keys.filter { !$0.hasSuffix("/topology") }.isEmpty, "\(store.keys)")
            }
        }
    }

    @Test func aDaemonThatIsBehindRefusesNobodyWrongly() async throws {
        let store = MemoryStore(lag: .milliseconds(20))
        try await withClusters(2, on: store) { clusters in
            for round in 0..<5 {
                _ = try await clusters[round % 2].register(.plain("n1", "192.168.0.\(round + 1)"))
                _ = try await clusters[1 - round % 2].grant(GrantRequest(network: "net"), to: "n1")
                _ = try await clusters[1 - round % 2].register(.plain("n2", "192.168.1.1"))
                try await clusters[round % 2].remove(host: "n1", isForced: false)
                try await clusters[1 - round % 2].remove(host: "n2", isForced: false)
                _ = try await clusters[round % 2].register(.plain("n3", "192.168.1.1"))
                try await clusters[round % 2].remove(host: "n3", isForced: false)
            }
        }
    }

    @Test(arguments: [
        HostRequest.plain("", "192.168.0.1"), .plain("a/b", "192.168.0.1"), .plain("n1", "192.168.0"),
        .plain("n1", ""), .plain("..", "192.168.0.1"), .plain("-n", "192.168.0.1"),
        .plain(String(repeating: "n", count: 254), "192.168.0.1"),
        HostRequest(name: "n1", ip: "192.168.0.1", addresses: ["x"]),
        HostRequest(name: "n1", ip: "192.168.0.1", agentPort: 70000),
    ])
    func fieldsThatCannotBeAreRefused(_ request: HostRequest) async throws {
        try await withCluster { cluster in
            try await expect(400, naming: "add") { try await cluster.register(request) }
        }
    }

    @Test func withoutATopologyNoHostIsPlaced() async throws {
        try await withCluster(topology: nil) { cluster in
            try await expect(503, naming: "topology") { try await cluster.register(.plain("n1", "192.168.0.1")) }
        }
    }
}
