import Glibc
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "The life of a node",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct NodeLifeTests {
        /// One network of two racks, which nodes are put into by their labels.
        private static let racks = """
            {"networks": [{"name": "pods", "cidr": "10.112.0.0/16", "block_mask": 29}],
             "topologies": [{"networks": ["pods"], "map": [
               {"name": "one", "assignment": {"rack": "1"}, "groups": []},
               {"name": "two", "assignment": {"rack": "2"}, "groups": []}]}]}
            """

        @Test("Join, relabel, cordon: what the API says of a node is what its host says")
        func labels() async throws {
            try await NodeStage.run(labels: ["rack": "1", "disk": "ssd"]) {
                $0.topology = Self.racks
            } _: { stage in
                let node = stage.cluster.nodes[0]
                let object = KubernetesObject(.node, node.name)
                let joined = try #require(try await stage.host(node.name))
                #expect(joined.tags == ["rack": "1", "disk": "ssd"])
                #expect(joined.kubernetes["uid"] == (try await stage.uid(node.name)))
                #expect(joined.groups["pods"]?.path == "one")
                try await eventually("its network is said to be there") {
                    try await stage.networkUnavailable(node.name) == "False RomanaIsReady"
                }
                var attached = [try await stage.start(on: node)]
                let first = try await stage.blocks(of: node.name)

                try await stage.kubernetes.label(object, ["rack": "2"])
                try await eventually("the host moves") {
                    try await stage.host(node.name)?.groups["pods"]?.path == "two"
                }
                #expect(try await stage.host(node.name)?.tags == ["rack": "2"])
                #expect(try await stage.blocks(of: node.name).isSuperset(of: first))
                try await eventually("it is told") {
                    try await stage.events("HostMoved", about: node.name).contains { $0.contains("two") }
                }
                for _ in 0..<20 { attached.append(try await stage.start(on: node)) }
                let later = try await stage.blocks(of: node.name).subtracting(first)
                #expect(later.allSatisfy { $0.hasPrefix("10.112.1") }, "\(later)")

                try await stage.kubernetes.label(object, ["rack": "none"])
                try await eventually("the refusal is told") {
                    try await stage.events("HostNotRegistered", about: node.name).contains { $0.contains("rack") }
                }
                #expect(try await stage.host(node.name)?.groups["pods"]?.path == "two")
                try await stage.kubernetes.label(object, ["rack": "2"])

                try await stage.kubernetes.patch(object, #"{"spec": {"unschedulable": true}}"#)
                attached.append(try await stage.start(on: node))
                #expect(try await stage.readiness(of: node).hasSuffix(" 200"))
                try await attached[0].pod.ping(attached[21].addresses)

                // A drain takes the pods away; blocks come free, and the node is none the worse.
                try await stage.cluster.deleteAll(attached)
                try await stage.kubernetes.patch(object, #"{"spec": {"unschedulable": false}}"#)
                attached = [try await stage.start(on: node)]
                try await stage.cluster.deleteAll(attached)
            }
        }

        @Test("A node that gets another address is found there, without a restart")
        func address() async throws {
            try await NodeStage.run { stage in
                let (near, far) = (stage.cluster.nodes[0], stage.cluster.nodes[1])
                let pods = (try await stage.start(on: near), try await stage.start(on: far))
                try await pods.0.pod.ping(pods.1.addresses)
                let object = KubernetesObject(.node, far.name)
                func say(_ address: String) async throws {
                    try await stage.kubernetes.patch(
                        object, KubernetesManifest.status(nodeAddresses: [address]), part: "status")
                }
                // Of an address that the machine has not, nobody hears.
                try await say("10.0.0.77")
                try await eventually("it is told", within: .seconds(30)) {
                    try await stage.events("NodeAddressElsewhere", about: far.name).contains {
                        $0.contains("10.0.0.77")
                    }
                }
                #expect(try await stage.host(far.name)?.addresses.first == Fabric.address4(ofNode: 2))

                try await IPRoute2.batch(["address add 10.0.0.102/24 dev eth0"], in: far.site.namespace)
                try await say("10.0.0.102")
                try await eventually("the host has the new address") {
                    try await stage.host(far.name)?.addresses.first == "10.0.0.102"
                }
                try await eventually("the other node sends there") {
                    let kernel = try await KernelState(of: near.site.namespace)
                    return kernel.routes.contains { $0.gateway == "10.0.0.102" }
                        && !kernel.routes.contains { $0.gateway == Fabric.address4(ofNode: 2) }
                }
                try await pods.0.pod.ping(pods.1.addresses)
                #expect(try await stage.readiness(of: far).hasSuffix(" 200"))
                try await stage.cluster.restartAgent(of: far)
                #expect(try await stage.host(far.name)?.addresses.first == "10.0.0.102")
                #expect(try await !stage.events("HostAddressChanged", about: far.name).isEmpty)
                let late = try await stage.start(on: far)
                try await pods.0.pod.ping(late.addresses)
                try await stage.cluster.deleteAll([pods.0, pods.1, late])
            }
        }

        @Test(
            "Lost for longer than its lease, deleted, made anew: blocks go when the node is gone and silent, not before"
        )
        func lost() async throws {
            try await NodeStage.run(nodes: 3) { stage in
                let node = stage.cluster.nodes[2]
                let others = stage.cluster.nodes.dropLast()
                let pod = try await stage.start(on: node)
                var attached = [pod]
                let blocks = try await stage.blocks(of: node.name)

                // Nobody hears of it, but the API has it.
                await node.crashAgent()
                try await eventually("its lease ends", within: .seconds(30)) { try await !stage.isAlive(node.name) }
                for other in others {
                    for _ in 0..<12 { attached.append(try await stage.start(on: other)) }
                }
                try await Task.sleep(for: .seconds(6))
                #expect(try await stage.blocks(of: node.name) == blocks)
                #expect(Set(attached.flatMap(\.addresses)).count == attached.count, "an address was given twice")
                try await node.startAgent()
                try await node.waitUntilReady()
                try await attached[1].pod.ping(pod.addresses)
                #expect(try await stage.blocks(of: node.name).isSuperset(of: blocks))

                // Somebody deletes it under a running agent, and it comes again as another object.
                let former = try await stage.uid(node.name)
                try await stage.kubernetes.delete(KubernetesObject(.node, node.name))
                try await Task.sleep(for: .seconds(6))
                #expect(try await stage.blocks(of: node.name).isSuperset(of: blocks))
                let uid = try await stage.recreate(node.name)
                #expect(uid != former)
                try await eventually("the host is that of the new node") {
                    try await stage.host(node.name)?.kubernetes["uid"] == uid
                }
                #expect(try await stage.blocks(of: node.name).isSuperset(of: blocks))
                try await attached[1].pod.ping(pod.addresses)

                // Drained, ended, deleted: now it is gone.
                try await pod.pod.delete()
                attached.removeFirst()
                await node.stopAgent()
                try await stage.kubernetes.delete(KubernetesObject(.node, node.name))
                try await eventually("its host is gone", within: .seconds(30)) {
                    try await stage.host(node.name) == nil
                }
                #expect(try await stage.blocks(of: node.name).isEmpty)
                try await eventually("it is told") {
                    try await !stage.events("HostRemoved", about: node.name).isEmpty
                }
                // And it may come again.
                try await stage.recreate(node.name)
                try await node.startAgent()
                try await node.waitUntilReady()
                attached.append(try await stage.start(on: node))
                try await stage.cluster.deleteAll(attached)
            }
        }

        @Test("After a reboot the journal is gone and the same blocks come back")
        func reboot() async throws {
            try await NodeStage.run(nodes: 1) { stage in
                let node = stage.cluster.nodes[0]
                var pods: [(pod: Pod, addresses: [String])] = []
                for _ in 0..<3 { pods.append(try await stage.start(on: node)) }
                let blocks = try await stage.blocks(of: node.name)
                await node.crashAgent()
                await Namespace.delete(pods.map(\.pod.namespace))
                try await Program("rm", ["-rf", node.site.runDirectory]).text()
                try await node.startAgent()
                try await node.waitUntilReady()
                #expect(try await stage.blocks(of: node.name).isSuperset(of: blocks))
                let pod = try await stage.start(on: node)
                try await node.agrees(expecting: [pod])
                try await stage.cluster.isReconciled(with: [pod])
                #expect(try await stage.blocks(of: node.name).isSuperset(of: blocks))
                try await stage.cluster.deleteAll([pod])
            }
        }

        @Test(
            "An agent that stands still for longer than its leases: duties move, nothing is done twice, it comes back")
        func still() async throws {
            try await NodeStage.run(nodes: 4) { stage in
                let lost = stage.cluster.nodes[3]
                try await eventually("somebody has the duty") { try await !stage.candidates().isEmpty }
                // Whoever has it first must not be the one that is to be lost.
                await lost.stopAgent()
                try await eventually("the duty is another's") {
                    let names = try await stage.candidates()
                    return names.count == 3 && !names.contains(lost.name)
                }
                let stopped = try await stage.holder()
                let others = stage.cluster.nodes.filter { $0.name != stopped.name && $0.name != lost.name }
                let pod = try await stage.start(on: stopped)
                let peer = try await stage.start(on: others[0])
                // It is about to remove a host when it stops.
                try await stage.kubernetes.delete(KubernetesObject(.node, lost.name))
                try await Task.sleep(for: .seconds(1))
                stopped.agent?.send(SIGSTOP)
                try await eventually("another has the duty", within: .seconds(20)) {
                    try await stage.holder().name != stopped.name
                }
                let heir = try await stage.holder()
                try await stage.hasNoHost(lost.name)
                // The node comes again, and has blocks, before the stopped one goes on.
                try await stage.recreate(lost.name)
                try await lost.startAgent()
                try await lost.waitUntilReady()
                let late = try await stage.start(on: lost)
                try await eventually("the lease of the stopped one ends", within: .seconds(30)) {
                    try await !stage.isAlive(stopped.name)
                }
                try await peer.pod.ping(pod.addresses + late.addresses)
                stopped.agent?.send(SIGCONT)
                try await eventually("it is alive again", within: .seconds(30)) {
                    try await stage.isAlive(stopped.name)
                }
                try await eventually("it stands again, behind the others", within: .seconds(30)) {
                    let names = try await stage.candidates()
                    return names.count == 4 && names.first == heir.name && names.contains(stopped.name)
                }
                try await stopped.waitUntilReady()
                try await Task.sleep(for: .seconds(5))
                let host = try await stage.host(lost.name)
                #expect(host != nil)
                let removed = try await stage.removedHosts()
                #expect(removed == 1)
                let last = try await stage.start(on: stopped)
                try await peer.pod.ping(last.addresses)
                try await stage.cluster.isReconciled(with: [pod, peer, late, last])
                try await stage.cluster.deleteAll([pod, peer, late, last])
            }
        }

        @Test("Two machines of one name: the second serves nothing and says why, whether or not the first is alive")
        func twins() async throws {
            try await NodeStage.run { stage in
                let (first, second) = (stage.cluster.nodes[0], stage.cluster.nodes[1])
                let pod = try await stage.start(on: first)
                let before = try await stage.blocks(of: first.name)
                await second.stopAgent()
                let words = ["--hostname", first.name, "--machine-id", "another"]
                try await second.startAgent(words)
                try await eventually("it says why it is not ready") {
                    try await stage.readiness(of: second).contains("is alive under the name \(first.name)")
                }
                #expect(try await !second.isReady())
                try await eventually("it is told on the node") {
                    try await stage.events("NodeNameTaken", about: first.name).contains {
                        $0.contains(Fabric.address4(ofNode: 1))
                    }
                }
                #expect(try await !stage.candidates().contains { $0 == second.name })
                let refused = try await second.makePod()
                #expect(try await refused.call("ADD").run().code == 11)
                #expect(try await refused.call("DEL").run().isSuccess)

                // The first is not heard of for long: its name and blocks stay its own.
                await first.crashAgent()
                try await eventually("the lease ends", within: .seconds(30)) { try await !stage.isAlive(first.name) }
                try await eventually("it says whose the host is") {
                    try await stage.readiness(of: second).contains("belongs to another machine")
                }
                #expect(try await !second.isReady())
                #expect(try await stage.blocks(of: first.name) == before)
                #expect(try await stage.host(first.name)?.addresses.first == Fabric.address4(ofNode: 1))
                try await stage.cluster.restartAgent(of: first)
                #expect(try await !second.isReady())
                let more = try await stage.start(on: first)
                try await pod.pod.ping(more.addresses)
                #expect(try await stage.networkUnavailable(first.name) == "False RomanaIsReady")

                // Under a name of its own it serves.
                await second.stopAgent()
                try await second.startAgent()
                try await second.waitUntilReady()
                let own = try await stage.start(on: second)
                try await own.pod.ping(pod.addresses)
                try await stage.cluster.deleteAll([pod, more, own])
            }
        }
    }
}
