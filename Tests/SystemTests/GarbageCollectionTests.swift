import Testbed
import Testing

extension SystemTests {
    @Suite("GC")
    struct GarbageCollectionTests {
        @Test("frees exactly what is not listed, of its own network only")
        func freesOwnNetworkOnly() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                var pods = try await node.makePods(4)
                for index in pods.indices { pods[index].cniVersion = "1.1.0" }
                pods[3].network = "another-network"
                var attached: [(pod: Pod, addresses: [String])] = []
                for pod in pods { attached.append((pod, try await pod.add())) }

                let collector = pods[0]
                try await collector.collectGarbage(keeping: [pods[0], pods[2]]).run().checked()
                attached.remove(at: 1)
                try await node.agrees(expecting: attached)

                // The older key means the same (issue 1101 of the CNI repository).
                try await collector.collectGarbage(keeping: [pods[0]], key: "cni.dev/attachments").run().checked()
                attached.remove(at: 1)
                try await node.agrees(expecting: attached)

                try await collector.collectGarbage(keeping: []).run().checked()
                try await node.agrees(expecting: [attached[1]])
                #expect(attached[1].pod.network == "another-network")
                try await attached[1].pod.delete()
                try await node.agrees()
            }
        }

        @Test("is refused without a list, and then frees nothing")
        func refusesWithoutList() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                var pod = try await node.makePod()
                pod.cniVersion = "1.1.0"
                let addresses = try await pod.add()
                let answer = try await pod.call("GC").run()
                #expect(answer.code == 7, "\(answer)")
                try await node.agrees(expecting: [(pod, addresses)])
            }
        }
    }
}
