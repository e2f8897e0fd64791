import Testbed
import Testing

extension SystemTests {
    @Suite("An agent's end and return")
    struct RestartTests {
        @Test("kill -9 and restart lose no packet; the new agent knows its pods", arguments: [9, 15] as [Int32])
        func trafficGoesOn(signal: Int32) async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    for pod in try await node.makePods(3) { attached.append((pod, try await pod.add())) }
                }
                let (near, far) = (attached[0], attached[3])
                var streams: [PingStream] = []
                for (number, address) in far.addresses.enumerated() {
                    let log = cluster.directory.file("ping\(number).log")
                    streams.append(try await near.pod.startPinging(address, log: log))
                }
                let kernel = try await KernelState(of: cluster.nodes[1].site.namespace)
                try await Task.sleep(for: .milliseconds(300))
                cluster.nodes[1].agent?.send(signal)
                await cluster.nodes[1].agent?.wait()
                try await Task.sleep(for: .milliseconds(700))
                try await cluster.restartAgent(of: cluster.nodes[1])
                try await Task.sleep(for: .seconds(1))
                for stream in streams {
                    let tally = await stream.finish()
                    #expect(tally.lost.isEmpty)
                    #expect(tally.answered > 80)
                }
                let others = attached.filter { $0.pod.node.number == 2 }
                try await cluster.nodes[1].agrees(expecting: others)
                // What was there is still the very same, down to index and hardware address.
                let after = try await KernelState(of: cluster.nodes[1].site.namespace)
                #expect(Set(after.podLinks) == Set(kernel.podLinks))
                for (pod, addresses) in others {
                    #expect(try await pod.add() == addresses, "ADD repeated after a restart gives the same")
                }
                try await cluster.deleteAll(attached)
            }
        }

        @Test("An agent without its journal still knows its pods by their links")
        func journalLost() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                let addresses = try await pod.add()
                await node.crashAgent()
                try await Program("rm", ["-rf", node.site.runDirectory]).text()
                try await cluster.restartAgent(of: node)
                let report = try await node.report()
                #expect(report.attachments.map(\.containerID) == [pod.containerID])
                #expect(Set(report.attachments.flatMap(\.addresses)) == Set(addresses))
                let other = try await node.makePod()
                let others = try await other.add()
                #expect(Set(addresses).isDisjoint(with: others), "an address in use was given again")
                try await other.ping(addresses)
                try await pod.delete()
                try await node.agrees(expecting: [(other, others)])
            }
        }

        @Test("A sweep after the restart takes what nobody knows, and nothing that is not its own")
        func sweepKeepsForeignObjects() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                let addresses = try await pod.add()
                await node.crashAgent()
                try await IPRoute2.batch(
                    [
                        // Somebody else's: a link that happens to have our prefix, a route in our table, a rule.
                        "link add romulus type bridge",
                        "route add 198.51.100.0/24 via \(Fabric.address4) table 10 protocol static",
                        "rule add from 198.51.100.0/24 lookup 99 priority 1234",
                        // Ours: a route that no block asks for.
                        "route add 203.0.113.0/24 via \(Fabric.address4) table 10 protocol 71",
                    ], in: node.site.namespace)
                try await cluster.restartAgent(of: node)
                try await eventually("the stale route is gone") {
                    let kernel = try await KernelState(of: node.site.namespace)
                    return !kernel.routes.contains { $0.dst == "203.0.113.0/24" }
                }
                let kernel = try await KernelState(of: node.site.namespace)
                #expect(kernel.links.contains { $0.ifname == "romulus" })
                #expect(kernel.routes.contains { $0.dst == "198.51.100.0/24" })
                let rules = try await Program("ip", ["rule"], namespace: node.site.namespace?.path).text()
                #expect(rules.contains("198.51.100.0/24"))
                try await IPRoute2.batch(["link delete romulus"], in: node.site.namespace)
                try await node.agrees(expecting: [(pod, addresses)])
            }
        }
    }
}
