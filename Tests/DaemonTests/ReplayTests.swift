import Addresses
import Testing
import Topology

@testable import Daemon

/// What a daemon knows after any history is what one that starts now reads from the store.
@Suite struct ReplayTests {
    private struct Picture: Equatable {
        var hosts: [String: HostRecord]
        var addresses: [IPAddress: String]
        var blocks: [IPPrefix: BlockRecord]
        var byHost: [String: Set<IPPrefix>]
        var ledgers: [String: GrantLedger]
        var loads: [String: Int]
        var taken: Int
        var document: TopologyDocument?

        init(_ state: borrowing ClusterState) {
            hosts = state.hosts.mapValues(\.value)
            addresses = state.hostByAddress
            blocks = state.blocks.mapValues(\.value)
            byHost = state.blocksByHost
            ledgers = state.ledgers.mapValues(\.value.ledger)
            let placement = state.placement
            document = state.topology?.value.document
            loads = [:]
            taken = 0
            for network in document?.networks ?? [] {
                taken += state.taken.count(in: network.cidr)
                for leaf in document?.tree(of: network.name)?.leaves ?? [] {
                    loads["\(network.name)/\(leaf.path)"] = placement?.hosts(in: leaf.path, of: network.name)
                }
            }
        }
    }

    private static let documents = [
        Documents.racks, Documents.racks.replacing("rack-a", with: "first-rack"),
        Documents.racks.replacing(#""cidr": "10.0.0.0/16""#, with: #""cidr": "10.0.0.0/15""#),
    ]

    /// One thing that some client asks of some daemon; refusals are part of the history.
    private static func act(on cluster: Cluster, _ store: MemoryStore, _ step: Int) async throws {
        let host = "n\(Int.random(in: 1...12))"
        switch Int.random(in: 0..<20) {
        case 0..<6:
            let rack = ["a", "b", "c"].randomElement() ?? "a"
            _ = try await cluster.register(.plain(host, "192.168.0.\(host.dropFirst())", tags: ["rack": rack]))
        case 6..<14:
            let network = Bool.random() ? "net" : "six"
            let request = GrantRequest(
                network: network, count: Int.random(in: 1...3), request: Bool.random() ? "r\(step % 7)" : nil)
            _ = try await cluster.grant(request, to: host)
        case 14..<16:
            guard let block = cluster.mirror.read({ $0.blocks(of: host).randomElement()?.cidr }) else { return }
            _ = try await cluster.release(block, of: host)
        case 16:
            // The host's agent tags a block.
            guard let known = cluster.mirror.read({ $0.blocks.values.randomElement() }) else { return }
            var block = known.value
            block.tenant = "t"
            var transaction = StoreTransaction()
            transaction.expect(cluster.keys.block(block.cidr), at: known.modRevision)
            transaction.then = [.put(cluster.keys.block(block.cidr), try JSONBody.bytes(block))]
            _ = try await store.commit(transaction)
        case 17: try await cluster.remove(host: host, isForced: true)
        case 18: try await cluster.replaceTopology(with: Documents.document(documents.randomElement() ?? ""))
        default:
            let cidr = try #require(IPPrefix("10.0.\(Int.random(in: 0..<4) * 64).0/26"))
            _ = try await cluster.addBlackout(BlackoutRequest(cidr: cidr), of: "net")
        }
    }

    /// Posts the topology as it is; what a daemon knows of it may be old yet, and is then refused.
    private static func settle(_ cluster: Cluster) async throws {
        for attempt in 1...20 {
            let document = cluster.mirror.read { $0.topology?.value.document }
            do {
                try await cluster.replaceTopology(with: #require(document))
                return
            } catch {
                guard attempt < 20 else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @Test(arguments: 0..<6) func everyDaemonKnowsWhatTheStoreHolds(_ number: Int) async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(Int64(number)))
        let pictures = try await withClusters(3, on: store, topology: Documents.racks, areListed: true) { clusters in
            await withTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for step in 0..<40 {
                            try? await Self.act(on: clusters[Int.random(in: 0..<3)], store, worker * 40 + step)
                        }
                    }
                }
            }
            // Whoever was to place hosts anew may have given up under all this.
            try await Self.settle(clusters[0])
            // The last news is on its way, and a busy machine takes its time.
            var pictures: [Picture] = []
            for _ in 0..<50 {
                try await Task.sleep(for: .milliseconds(200))
                let last = pictures
                pictures = clusters.map { $0.mirror.read { Picture($0) } }
                if pictures == last, pictures.allSatisfy({ $0 == pictures[0] }) { break }
            }
            return pictures
        }
        let fresh = try await withClusters(1, on: store, topology: nil) { clusters in
            clusters[0].mirror.read { Picture($0) }
        }
        for picture in pictures {
            #expect(picture.hosts == fresh.hosts)
            #expect(picture.blocks == fresh.blocks)
            #expect(picture == fresh)
        }
        #expect(fresh.taken == fresh.blocks.keys.count { fresh.document?.network(containing: $0) != nil })
        #expect(fresh.blocks.values.allSatisfy { fresh.hosts[$0.host] != nil }, "a block without a host")
        for (cidr, block) in fresh.blocks {
            let place = fresh.document?.place(of: cidr)
            #expect(place == nil || (place?.network.name == block.network && place?.group.path == block.group))
        }
    }
}
