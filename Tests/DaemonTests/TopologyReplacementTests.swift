import AWS
import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct TopologyReplacementTests {
    /// One network in as many groups as are named.
    private func document(
        _ network: String = "net", _ cidr: String = "10.0.0.0/16", groups: [String]
    ) throws -> TopologyDocument {
        let map = groups.map { #"{"name": "\#($0)", "groups": []}"# }.joined(separator: ", ")
        return try Documents.document(
            """
            {"networks": [{"name": "\(network)", "cidr": "\(cidr)", "block_mask": 29}],
             "topologies": [{"networks": ["\(network)"], "map": [\(map)]}]}
            """)
    }

    @Test func hostsWhoseGroupsAreGoneArePlacedAnew() async throws {
        let first = try document(groups: ["a", "b"])
        let second = try document(groups: ["c", "d", "e", "f"])
        try await withCluster(topology: nil) { cluster in
            try await cluster.replaceTopology(with: first)
            for index in 1...8 { _ = try await cluster.register(.plain("n\(index)", "192.168.0.\(index)")) }
            try await cluster.replaceTopology(with: second)
            let places = cluster.mirror.read { state in
                state.hosts.values.reduce(into: [String: Int]()) {
                    $0[$1.value.groups["net"]?.path ?? "", default: 0] += 1
                }
            }
            #expect(places == ["c": 2, "d": 2, "e": 2, "f": 2])
            #expect(cluster.mirror.read { $0.topology?.value.revision } == 2)
        }
    }

    @Test func manyHostsAreSettledInSteps() async throws {
        let store = MemoryStore()
        let first = try document(groups: ["a"])
        let second = try document(groups: ["b", "c"])
        try await withClusters(2, on: store, topology: nil) { clusters in
            try await clusters[0].replaceTopology(with: first)
            for index in 0..<250 {
                _ = try await clusters[0].register(.plain("n\(index)", "192.168.\(index / 250).\(index % 250 + 1)"))
            }
            try await clusters[1].replaceTopology(with: second)
            let places = clusters[1].mirror.read { state in
                state.hosts.values.reduce(into: [String: Int]()) {
                    $0[$1.value.groups["net"]?.path ?? "", default: 0] += 1
                }
            }
            #expect(places == ["b": 125, "c": 125])
        }
    }

    @Test func aBlockInUseKeepsItsHostInItsPart() async throws {
        let store = MemoryStore()
        let first = try document(groups: ["a", "b"])
        // The same cut under other names.
        let renamed = try document("other", groups: ["c", "d"])
        try await withCluster(on: store, topology: nil) { cluster in
            try await cluster.replaceTopology(with: first)
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            _ = try await cluster.register(.plain("n2", "192.168.0.2"))
            var block = try #require(try await cluster.grant(GrantRequest(network: "net"), to: "n2").first)
            block.allocated = 1
            store.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))
            let cidr = block.cidr
            await cluster.mirror.wait(atMost: .seconds(5)) { $0.blocks[cidr]?.value.allocated == 1 }

            try await cluster.replaceTopology(with: renamed)
            let (host, moved) = cluster.mirror.read { ($0.hosts["n2"]?.value, $0.blocks[cidr]?.value) }
            #expect(host?.groups["other"]?.path == "d")
            #expect(moved?.network == "other" && moved?.group == "d" && moved?.allocated == 1)

            for refused in [
                try document("net", "10.200.0.0/16", groups: ["a"]),
                try Documents.document(#"{"networks": [{"name": "net", "cidr": "10.0.0.0/16"}], "topologies": []}"#),
            ] {
                try await expect(409, naming: "block \(cidr) of host n2") {
                    try await cluster.replaceTopology(with: refused)
                }
            }
            #expect(cluster.mirror.read { $0.topology?.value.document } == renamed)
        }
    }

    @Test func blocksInUseStayWhereTheyAreAlsoOutsideOfTheirHostsGroup() async throws {
        let store = MemoryStore()
        let first = try document("net", "10.0.0.0/27", groups: ["a"])
        let second = try document("net", "10.0.0.0/27", groups: ["a", "b", "c", "d"])
        try await withCluster(on: store, topology: nil) { cluster in
            try await cluster.replaceTopology(with: first)
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            for var block in try await cluster.grant(GrantRequest(network: "net", count: 2), to: "n1") {
                block.tenant = "t"
                store.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))
            }
            await cluster.mirror.wait(atMost: .seconds(5)) { $0.blocks.values.allSatisfy(\.value.isTagged) }
            let change = try await cluster.replaceTopology(with: second)
            #expect(change.outside.map(\.cidr.description) == ["10.0.0.8/29"])
            let (host, blocks) = cluster.mirror.read { state in
                (state.hosts["n1"]?.value, state.blocks.values.map(\.value).sorted { $0.cidr < $1.cidr })
            }
            #expect(host?.groups["net"]?.path == "a")
            #expect(blocks.map(\.group) == ["a", "b"] && blocks.allSatisfy { $0.tenant == "t" })
        }
    }

    @Test func hostsThatTheDocumentNamesAreRegistered() async throws {
        let named = """
            {"networks": [{"name": "net", "cidr": "10.0.0.0/16"}], "topologies": [{"networks": ["net"], "map": [
              {"name": "a", "hosts": [{"name": "n1", "ip": "192.168.0.1"}]},
              {"name": "b", "groups": [{"name": "n2", "ip": "192.168.0.2"}]}]}]}
            """
        try await withCluster(topology: named) { cluster in
            let places = cluster.mirror.read { $0.hosts.mapValues { $0.value.groups["net"]?.path } }
            #expect(places == ["n1": "a", "n2": "b"])
            let other = try Documents.document(named.replacing("192.168.0.1", with: "192.168.0.9"))
            try await expect(409, naming: "host n1 has 192.168.0.1") { try await cluster.replaceTopology(with: other) }
        }
    }

    @Test func aHostThatGoesWithoutBlocksHoldsUpNothing() async throws {
        let second = try document(groups: ["z"])
        try await withCluster { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            let block = try #require(try await cluster.grant(GrantRequest(network: "net"), to: "n1").first)
            _ = try await cluster.release(block.cidr, of: "n1")
            try await cluster.remove(host: "n1", isForced: false)
            try await cluster.replaceTopology(with: second)
        }
    }

    @Test func severalDaemonsStoreOneInitialTopology() async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(3))
        try await withClusters(3, on: store, topology: nil) { clusters in
            let first = FirstTopology.document(try InitialTopology(.kubeadm, overrides: []))
            let nowhere = InstanceMetadata(MetadataEndpoint { _ in nil })
            await withTaskGroup(of: Void.self) { group in
                for cluster in clusters { group.addTask { await cluster.installTopology(first, nowhere) } }
                await group.waitForAll()
            }
            #expect(store.history.map(\.key) == ["/romana/topology"])
        }
    }

    @Test func aHostOfAGoneGroupIsGrantedNothingUntilItIsPlacedAnew() async throws {
        let store = MemoryStore()
        let second = try document(groups: ["z"])
        try await withCluster(on: store) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            // Another daemon replaced the topology and died.
            store.put(cluster.keys.topology, try JSONBody.bytes(StoredTopology(revision: 2, document: second)))
            await cluster.mirror.wait(atMost: .seconds(5)) { $0.topology?.value.revision == 2 }
            try await expect(503, naming: "placed anew") {
                try await cluster.grant(GrantRequest(network: "net"), to: "n1")
            }
            let keeper = Task { await cluster.keepHostsPlaced() }
            await cluster.mirror.wait(atMost: .seconds(5)) { $0.hosts["n1"]?.value.groups["net"]?.path == "z" }
            keeper.cancel()
            #expect(try await cluster.grant(GrantRequest(network: "net"), to: "n1").texts == ["10.0.0.0/29"])
        }
    }
}
