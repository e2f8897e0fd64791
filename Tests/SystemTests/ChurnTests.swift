import Testbed
import Testing

extension SystemTests {
    /// Many pods at once, while the agents are killed and started again at random.
    @Suite("Churn")
    struct ChurnTests {
        static let pods = 500
        static let width = 32
        static let rounds = 3

        @Test("500 pods come and go, 32 at a time, three times over, while agents die: nothing twice, nothing left")
        func churn() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2, blockMask4: 27, blockMask6: 123)) { cluster in
                for round in 1...Self.rounds {
                    var made: [Pod] = []
                    for node in cluster.nodes { made += try await node.makePods(Self.pods / cluster.nodes.count) }
                    // Runtimes start pods on all nodes at once.
                    let pods = made.shuffled()

                    let added = try await amidCrashes(of: cluster) {
                        try await pods.concurrently(Self.width) { try await $0.addPersistently() }
                    }
                    let attached = zip(pods, added).map { (pod: $0, addresses: $1) }
                    let addresses = added.flatMap { $0 }
                    #expect(addresses.count == 2 * Self.pods, "round \(round)")
                    #expect(Set(addresses).count == addresses.count, "round \(round): an address was given twice")
                    for node in cluster.nodes {
                        try await node.agrees(
                            expecting: attached.filter { $0.pod.node == node.site }, lookingInside: false)
                    }
                    for (pod, own) in attached.shuffled().prefix(10) {
                        let (_, others) = attached[Int.random(in: attached.indices)]
                        if others != own { try await pod.ping(others) }
                    }

                    _ = try await amidCrashes(of: cluster) {
                        try await pods.concurrently(Self.width) { try await $0.deletePersistently() }
                    }
                    for node in cluster.nodes { try await node.agrees() }
                    await Namespace.delete(pods.map(\.namespace))
                }
            }
        }

        /// Runs `body` while agents are killed at random moments and started again; all are ready at the end.
        private func amidCrashes<Value: Sendable>(
            of cluster: Cluster, _ body: @escaping @Sendable () async throws -> Value
        ) async throws -> Value {
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    var crashes = 0
                    // The first one soon: on a fast machine all pods are through in less than a second.
                    var pause = Int.random(in: 10...60)
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .milliseconds(pause))
                        guard !Task.isCancelled, let node = cluster.nodes.randomElement() else { break }
                        pause = Int.random(in: 200...900)
                        await node.crashAgent()
                        try await node.startAgent()
                        crashes += 1
                    }
                    return crashes
                }
                let value = try await body()
                group.cancelAll()
                let crashes = try await group.next() ?? 0
                #expect(crashes > 0, "the pods came and went before any agent was killed")
                for node in cluster.nodes { try await node.waitUntilReady() }
                return value
            }
        }
    }
}
