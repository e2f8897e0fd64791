import Testbed
import Testing

extension SystemTests {
    @Suite("Two daemons on one etcd")
    struct TwoDaemonTests {
        private struct Grant: Decodable {
            struct Block: Decodable {
                let cidr: String
                let host: String
            }
            let blocks: [Block]
        }

        @Test("never grant a block twice when both are asked at once")
        func grantsAreUnique() async throws {
            var layout = ClusterLayout(nodes: 2, families: .ipv4)
            layout.daemons = 2
            try await Cluster.run(layout) { cluster in
                let held = try await cluster.keys(below: "/romana/blocks/")
                let requests = (0..<64).map { number in
                    (
                        url: "\(cluster.daemonURL(number % 2))/v1/hosts/node\(number / 2 % 2 + 1)/blocks",
                        body: #"{"network": "pods", "count": 1, "request": "test-\#(number)"}"#
                    )
                }
                let answers = try await requests.concurrently(16) { request in
                    try await cluster.post(request.url, request.body)
                }
                var granted: [String] = []
                for answer in answers {
                    let grant = try JSON.decode(Grant.self, from: answer, of: "the daemon")
                    granted += grant.blocks.map(\.cidr)
                }
                #expect(granted.count == requests.count)
                #expect(Set(granted).count == granted.count, "granted twice: \(granted.sorted())")
                let stored = try await cluster.keys(below: "/romana/blocks/")
                #expect(stored.count == held.count + granted.count)

                // A client that did not hear the answer asks again, of the other daemon.
                let again = try await cluster.post(
                    "\(cluster.daemonURL(1))/v1/hosts/node1/blocks", requests[0].body)
                let repeated = try JSON.decode(Grant.self, from: again, of: "the daemon")
                #expect(repeated.blocks.map(\.cidr) == [granted[0]])
                #expect(try await cluster.keys(below: "/romana/blocks/").count == stored.count)
            }
        }

        /// What may befall one of the two.
        enum Failure: String, CaseIterable {
            case dies, hangs
        }

        @Test("serve the agents of all nodes; one is enough when the other dies or hangs", arguments: Failure.allCases)
        func oneFails(_ failure: Failure) async throws {
            var layout = ClusterLayout(nodes: 3)
            layout.daemons = 2
            try await Cluster.run(layout) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    let pods = try await node.makePods(20)
                    let added = try await pods.concurrently(8) { try await $0.addPersistently() }
                    attached += zip(pods, added).map { ($0, $1) }
                }
                switch failure {
                case .dies: await cluster.crashDaemon(0)
                case .hangs: cluster.freezeDaemon(0)
                }
                for node in cluster.nodes {
                    let pods = try await node.makePods(20)
                    let added = try await pods.concurrently(8) { try await $0.addPersistently() }
                    attached += zip(pods, added).map { ($0, $1) }
                }
                let addresses = attached.flatMap(\.addresses)
                #expect(Set(addresses).count == addresses.count)
                for node in cluster.nodes {
                    try await node.agrees(expecting: attached.filter { $0.pod.node == node.site })
                }
                try await cluster.deleteAll(attached)
                cluster.thawDaemon(0)
            }
        }
    }
}
