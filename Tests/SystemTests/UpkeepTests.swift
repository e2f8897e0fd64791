import Testbed
import Testing

extension SystemTests {
    @Suite("Upkeep")
    struct UpkeepTests {
        @Test("Pods that vanished while the agent was away are swept, and their late DEL succeeds")
        func vanishedPods() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                var attached: [(pod: Pod, addresses: [String])] = []
                for pod in try await node.makePods(3) { attached.append((pod, try await pod.add())) }
                await node.crashAgent()
                let vanished = attached.removeFirst()
                await Namespace.delete([vanished.pod.namespace])
                try await eventually("its link is gone") {
                    try await KernelState(of: node.site.namespace).podLinks.count == 2
                }
                try await cluster.restartAgent(of: node)
                try await node.agrees(expecting: attached)
                try await vanished.pod.call("DEL").with("CNI_NETNS", "").run().checked()
                try await cluster.deleteAll(attached)
            }
        }

        @Test("Blocks that have lain idle go back, all but the spares")
        func idleBlocksGoBack() async throws {
            var layout = ClusterLayout()
            layout.cooldown = 1
            try await Cluster.run(layout) { cluster in
                let node = cluster.nodes[0]
                let atFirst = try await node.report().blocks.count
                let pods = try await node.makePods(40)
                let added = try await pods.concurrently(8) { try await $0.addPersistently() }
                #expect(try await node.report().blocks.count >= 10)
                try await cluster.deleteAll(zip(pods, added).map { ($0, $1) })
                try await eventually("idle blocks are given back", within: .seconds(120), every: .seconds(1)) {
                    try await node.report().blocks.count <= atFirst + 2
                }
                try await eventually("the cluster knows that they are free") {
                    let held = try await node.report().blocks.count
                    return try await cluster.keys(below: "/romana/blocks/").count == held
                }
                // The pod path still has a spare at hand.
                let late = try await node.makePod()
                let addresses = try await late.add()
                try await cluster.deleteAll([(late, addresses)])
            }
        }

        @Test("A host that is removed takes its routes with it")
        func removedHost() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                let (stays, goes) = (cluster.nodes[0], cluster.nodes[1])
                let pod = try await goes.makePod()
                try await pod.add()
                func routes() async throws -> [KernelState.Route] {
                    try await KernelState(of: stays.site.namespace).routes.filter {
                        $0.gateway == Fabric.address4(ofNode: 2) || $0.gateway == Fabric.address6(ofNode: 2)
                    }
                }
                try await eventually("routes to both families") { try await routes().count == 2 }
                await goes.crashAgent()
                let refusal = try await cluster.romana(["host", "remove", goes.name])
                #expect(!refusal.status.isSuccess, "its pods may still run: the lease of its agent is held")
                try await eventually("it may be removed", within: .seconds(90), every: .seconds(1)) {
                    try await cluster.romana(["host", "remove", goes.name]).status.isSuccess
                }
                try await eventually("no route is left") { try await routes().isEmpty }
                let left = try await cluster.keys(below: "/romana/blocks/").filter { $0.value.contains(goes.name) }
                #expect(left.isEmpty)
            }
        }
    }
}
