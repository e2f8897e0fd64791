import Glibc
import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// Nodes that own blocks need nobody for ADD and DEL.
    @Suite("Without etcd or the daemon")
    struct OutageTests {
        /// How long etcd stays away, in seconds; `ROMANA_OUTAGE_SECONDS` sets another time.
        static let outage = ProcessEnvironment.value("ROMANA_OUTAGE_SECONDS").flatMap { Int($0) } ?? 60

        @Test("ADD and DEL go on while etcd is away for a minute; then everything is reconciled")
        func etcdIsAway() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                for node in cluster.nodes {
                    let pod = try await node.makePod()
                    attached.append((pod, try await pod.add()))
                }
                let stream = try await attached[0].pod.startPinging(
                    attached[1].addresses[0], log: cluster.directory.file("ping.log"))
                await cluster.stopEtcd()

                let clock = ContinuousClock()
                let end = clock.now + .seconds(Self.outage)
                var rounds = 0
                while clock.now < end {
                    for node in cluster.nodes {
                        let pod = try await node.makePod()
                        let addresses = try await pod.add()
                        try await pod.ping([attached[node.site.number % 2].addresses[0]])
                        #expect(Set(addresses).isDisjoint(with: attached.flatMap(\.addresses)))
                        // One stays, so that there is something to reconcile.
                        if rounds == 0 { attached.append((pod, addresses)) } else { try await pod.delete() }
                    }
                    rounds += 1
                    try await Task.sleep(for: .seconds(1))
                }
                #expect(rounds > 0)
                // An agent that is restarted meanwhile still knows its pods, and deletes them.
                await cluster.nodes[0].crashAgent()
                try await cluster.nodes[0].startAgent()
                try await eventually("the agent serves DEL without etcd") {
                    try await attached[2].pod.call("DEL").run().isSuccess
                }
                attached.remove(at: 2)

                try await cluster.startEtcd()
                let tally = await stream.finish()
                #expect(tally.lost.isEmpty)
                for node in cluster.nodes { try await node.waitUntilReady() }
                try await cluster.isReconciled(with: attached)
                let late = try await cluster.nodes[0].makePod()
                attached.append((late, try await late.add()))
                try await late.ping(attached[1].addresses)
                try await cluster.deleteAll(attached)
                try await cluster.isReconciled(with: [])
            }
        }

        @Test("ADD and DEL go on while etcd hangs; then everything is reconciled")
        func etcdHangs() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                let first = try await node.makePod()
                var attached = [(pod: first, addresses: try await first.add())]
                cluster.freezeEtcd()
                let clock = ContinuousClock()
                let end = clock.now + .seconds(12)
                while clock.now < end {
                    let pod = try await node.makePod()
                    try await pod.add()
                    try await pod.delete()
                    try await Task.sleep(for: .seconds(1))
                }
                let last = try await node.makePod()
                attached.append((last, try await last.add()))
                cluster.thawEtcd()
                try await node.waitUntilReady()
                try await cluster.isReconciled(with: attached)
                try await cluster.deleteAll(attached)
            }
        }

        @Test("An agent that hangs is answered for: try again later, or not available")
        func agentHangs() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                var pod = try await node.makePod()
                pod.cniVersion = "1.1.0"
                node.agent?.send(SIGSTOP)
                let answer = try await pod.call("STATUS").run()
                #expect(answer.code == 50, "\(answer)")
                // An ADD that is on its way when the agent goes on is served.
                async let added = pod.add()
                try await Task.sleep(for: .seconds(1))
                node.agent?.send(SIGCONT)
                let addresses = try await added
                try await cluster.deleteAll([(pod, addresses)])
            }
        }

        @Test("ADD and DEL go on without a daemon until the blocks are used up, and again when it is back")
        func daemonIsAway() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                var attached: [(pod: Pod, addresses: [String])] = []
                let first = try await node.makePod()
                attached.append((first, try await first.add()))
                await cluster.crashDaemon()

                var refused: Pod?
                for pod in try await node.makePods(40) {
                    let answer = try await pod.call("ADD").run()
                    guard answer.isSuccess else {
                        #expect(answer.code == 11, "\(answer)")
                        refused = pod
                        break
                    }
                    attached.append((pod, answer.addresses))
                }
                let pod = try #require(refused, "41 pods fitted into the blocks of a node that got none")
                #expect(attached.count >= 8, "a whole spare block should have been at hand")
                try await pod.delete()
                try await node.agrees(expecting: attached)
                try await attached.removeLast().pod.delete()
                try await node.agrees(expecting: attached)

                try await cluster.startDaemon()
                try await eventually("ADD succeeds again") { try await pod.call("ADD").run().isSuccess }
                try await pod.delete()
                try await cluster.deleteAll(attached)
            }
        }
    }
}
