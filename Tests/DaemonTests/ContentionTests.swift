import Addresses
import Testing
import Topology

@testable import Daemon

@Suite struct ContentionTests {
    /// Several daemons whose mirrors lag, many hosts of one group, grants and releases at once: at no moment is a
    /// block put over one that is there.
    @Test(arguments: [2, 3])
    func noBlockIsGrantedTwice(daemons: Int) async throws {
        let store = MemoryStore(delay: .milliseconds(1), lag: .milliseconds(2))
        let document = """
            {"networks": [{"name": "net", "cidr": "10.0.0.0/20", "block_mask": 29}],
             "topologies": [{"networks": ["net"], "map": [{"name": "all", "groups": []}]}]}
            """
        try await withClusters(daemons, on: store, topology: document) { clusters in
            let hosts = (0..<12).map { "n\($0)" }
            for (index, host) in hosts.enumerated() {
                _ = try await clusters[0].register(.plain(host, "192.168.0.\(index + 1)"))
            }
            for cluster in clusters { await cluster.mirror.wait(atMost: .seconds(5)) { $0.hosts.count == hosts.count } }
            let granted = try await withThrowingTaskGroup(of: [String].self) { group in
                for (index, host) in hosts.enumerated() {
                    group.addTask {
                        var kept: [String] = []
                        for round in 0..<10 {
                            let cluster = clusters[(index + round) % daemons]
                            let request = GrantRequest(network: "net", count: 1 + round % 3, request: "r\(round)")
                            let blocks = try await cluster.grant(request, to: host)
                            #expect(blocks.count == 1 + round % 3)
                            let other = clusters[(index + round + 1) % daemons]
                            if round % 2 == 0 { _ = try await other.release(blocks[0].cidr, of: host) }
                            kept += blocks.texts.dropFirst(round % 2 == 0 ? 1 : 0)
                        }
                        return kept
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(Set(granted).count == granted.count)
            let stored = store.keys.filter { $0.contains("/blocks/") }.map {
                String($0.dropFirst("/romana/blocks/ipv4/".count))
            }
            #expect(Set(stored) == Set(granted))
            expectNoPutOverAnother(store)
        }
    }

    private func expectNoPutOverAnother(_ store: MemoryStore) {
        var present: Set<String> = []
        for (key, isPut) in store.history where key.contains("/blocks/") {
            if isPut {
                #expect(present.insert(key).inserted, "\(key) was put over another")
            } else {
                present.remove(key)
            }
        }
    }
}
