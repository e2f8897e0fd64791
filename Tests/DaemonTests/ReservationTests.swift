import Addresses
import HTTPTypes
import Testing
import Topology

@testable import Daemon

@Suite struct ReservationTests {
    /// Two networks: one for tenant a, one for all.
    static let tenants = """
        {"networks": [{"name": "all", "cidr": "10.0.0.0/24", "block_mask": 30},
                      {"name": "own", "cidr": "10.1.0.0/30", "block_mask": 30, "tenants": ["a"]}],
         "topologies": [{"networks": ["all", "own"], "map": [{"name": "g"}]}]}
        """

    private func ask(_ name: String, tenant: String = "t", segment: String? = nil) -> ReservationRequest {
        ReservationRequest(name: name, host: "n1", tenant: tenant, segment: segment)
    }

    private func reserve(_ cluster: Cluster, _ names: [String], tenant: String = "t") async throws -> [String] {
        var addresses: [String] = []
        for name in names { addresses.append(try await cluster.reserve(ask(name, tenant: tenant)).address.description) }
        return addresses
    }

    @Test func addressesAreTheLowestFreeOnesOfTheTenantsBlocks() async throws {
        let store = MemoryStore()
        try await withCluster(on: store, topology: Self.tenants) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            #expect(
                try await reserve(cluster, ["p1", "p2", "p3", "p4", "p5"]) == [
                    "10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4",
                ])
            // Another tenant, another segment: other blocks.
            #expect(try await reserve(cluster, ["q"], tenant: "u") == ["10.0.0.8"])
            #expect(try await cluster.reserve(ask("r", segment: "s")).address.description == "10.0.0.12")
            try await cluster.free(reservation: "p2")
            try await cluster.free(reservation: "10.0.0.2")
            #expect(try await reserve(cluster, ["p6", "p7"]) == ["10.0.0.1", "10.0.0.2"])
            // The last address takes its block with it.
            try await cluster.free(reservation: "p5")
            #expect(store.value("/romana/blocks/ipv4/10.0.0.4/30") == nil)
            let block = cluster.mirror.read { $0.blocks.values.first { $0.value.tenant == "u" }?.value }
            #expect(block?.keeper == "daemon" && block?.allocated == 1 && block?.segment == "default")
        }
    }

    @Test func aTenantsOwnNetworkComesFirst() async throws {
        try await withCluster(topology: Self.tenants) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            let names = (1...5).map { "p\($0)" }
            #expect(
                try await reserve(cluster, names, tenant: "a") == [
                    "10.1.0.0", "10.1.0.1", "10.1.0.2", "10.1.0.3", "10.0.0.0",
                ])
        }
    }

    @Test func blackoutsAndTheAgentsBlocksAreLeftAlone() async throws {
        try await withCluster(topology: Self.tenants) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            #expect(try await cluster.grant(GrantRequest(network: "all"), to: "n1").texts == ["10.0.0.0/30"])
            let cidr = try #require(IPPrefix("10.0.0.4/31"))
            _ = try await cluster.addBlackout(BlackoutRequest(cidr: cidr), of: "all")
            #expect(try await reserve(cluster, ["p1", "p2", "p3"]) == ["10.0.0.6", "10.0.0.7", "10.0.0.8"])
        }
    }

    @Test func twoDaemonsGiveNoAddressTwice() async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(3))
        try await withClusters(2, on: store, topology: Self.tenants) { clusters in
            _ = try await clusters[0].register(.plain("n1", "192.168.0.1"))
            await clusters[1].mirror.wait(atMost: .seconds(5)) { $0.hosts["n1"] != nil }
            let addresses = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        try await clusters[number % 2].reserve(ask("p\(number)")).address.description
                    }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(Set(addresses).count == 24)
            let counts = clusters[0].mirror.read { state in
                state.blocks.values.reduce(0) { $0 + $1.value.allocated }
            }
            #expect(counts == 24)
        }
    }

    @Test func theAddressesOfAHostGoWithIt() async throws {
        let store = MemoryStore()
        try await withCluster(on: store, topology: Self.tenants) { cluster in
            _ = try await cluster.register(.plain("n1", "192.168.0.1"))
            _ = try await reserve(cluster, ["p1", "p2", "p3", "p4", "p5"])
            try await cluster.remove(host: "n1", isForced: false)
            #expect(store.keys == ["/romana/topology"])
        }
    }

    @Test func theOriginalsPathsAnswerInItsShapes() async throws {
        try await withAPI { client, _ in
            _ = try await client.send(.post, "/hosts", #"{"ip":"192.168.0.1","name":"n1"}"#)
            let body = #"{"name":"vm","host":"n1","tenant":"t","segment":"s"}"#
            let given = try await client.send(.post, "/address", body)
            #expect(given.status == 200 && given.body == #""10.0.0.0""#)
            let again = try await client.send(.post, "/address", body)
            #expect(again.status == 409 && again.body.contains("it has 10.0.0.0 on host n1"))
            for (wrong, status) in [
                (#"{"name":"","host":"n1"}"#, 400), (#"{"name":"a"}"#, 400), (#"{"name":"a b","host":"n1"}"#, 400),
                (#"{"name":"a","host":"n9"}"#, 422),
            ] {
                #expect(try await client.send(.post, "/address", wrong).status == status, "\(wrong)")
            }
            let list = try await client.send(.get, "/v1/addresses").body
            #expect(
                list.hasPrefix(#"{"addresses":[{"address":"10.0.0.0","block":"10.0.0.0/29","host":"n1","name":"vm""#))
            let gone = try await client.send(.delete, "/address?addressName=vm")
            #expect(gone.status == 200 && gone.body == "null")
            let missing = try await client.send(.delete, "/address?addressName=vm")
            #expect(missing.status == 404 && missing.body.contains(#""resource_type":"IP or address""#))
            for query in ["", "?addressName=", "?addressName=a&addressName=b"] {
                #expect(try await client.send(.delete, "/address\(query)").status == 400)
            }
        }
    }
}
