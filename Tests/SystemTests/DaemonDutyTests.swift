import Glibc
import Testbed
import Testing

extension SystemTests {
    /// Agents that serve the daemon's API themselves, with no romana-daemon anywhere.
    @Suite("The daemon as a duty")
    struct DaemonDutyTests {
        private static func layout(nodes: Int) -> ClusterLayout {
            var layout = ClusterLayout(nodes: nodes)
            layout.daemons = 0
            layout.agentsServe = true
            return layout
        }

        /// The daemons that announce themselves: `10.0.0.1:9600`.
        private static func daemons(_ cluster: Cluster) async throws -> [String] {
            try await cluster.keys(below: "/romana/daemons/").keys.map {
                String($0.dropFirst("/romana/daemons/".count))
            }
            .sorted()
        }

        /// The one node that serves, when there is one.
        private static func holder(_ cluster: Cluster) async throws -> Node? {
            let daemons = try await daemons(cluster)
            guard daemons.count == 1 else { return nil }
            return cluster.nodes.first { daemons[0] == "\(Fabric.address4(ofNode: $0.site.number)):9600" }
        }

        /// What ends an agent.
        enum End: String, CaseIterable {
            case isKilled, isAsked
        }

        @Test("nodes get blocks from the elected agent, and from the next one when that ends", arguments: End.allCases)
        func takeover(_ end: End) async throws {
            try await Cluster.run(Self.layout(nodes: 2)) { cluster in
                var attached: [(pod: Pod, addresses: [String])] = []
                func attach(_ count: Int, to node: Node) async throws {
                    let pods = try await node.makePods(count)
                    let added = try await pods.concurrently(8) { try await $0.addPersistently() }
                    attached += zip(pods, added).map { ($0, $1) }
                }
                // More than the first blocks have room for.
                for node in cluster.nodes { try await attach(20, to: node) }
                let former = try #require(try await Self.holder(cluster), "one daemon, at its node's address")
                let other = try #require(cluster.nodes.first { $0.name != former.name })
                switch end {
                case .isKilled: await former.crashAgent()
                case .isAsked: #expect(await former.stopAgent() == .exited(0))
                }
                try await attach(30, to: other)
                try await eventually("the other is the one daemon", within: .seconds(30)) {
                    try await Self.holder(cluster)?.name == other.name
                }
                try await former.startAgent()
                try await former.waitUntilReady()
                try await attach(20, to: former)
                #expect(try await Self.holder(cluster)?.name == other.name, "who comes back stands behind")
                let addresses = attached.flatMap(\.addresses)
                #expect(Set(addresses).count == addresses.count)
                for node in cluster.nodes {
                    try await node.agrees(expecting: attached.filter { $0.pod.node == node.site })
                }
                try await cluster.deleteAll(attached)
            }
        }

        @Test("who lost the election ends his daemon, goes on as an agent, and serves again when elected again")
        func deposed() async throws {
            try await Cluster.run(Self.layout(nodes: 2)) { cluster in
                let former = try #require(try await Self.holder(cluster))
                let process = former.agent
                _ = try await cluster.etcdctl(["del", "/romana/election/daemon/\(former.name)"]).checked()
                try await eventually("the other serves alone", within: .seconds(30)) {
                    guard let holder = try await Self.holder(cluster) else { return false }
                    return holder.name != former.name
                }
                let other = try #require(try await Self.holder(cluster))
                try await eventually("its port is free again") {
                    // 7: nobody listens.
                    try await Program(
                        "curl", ["-s", "-m", "1", "http://\(Fabric.address4(ofNode: former.site.number)):9600/"],
                        namespace: cluster.fabric.namespace.path
                    ).run().status == .exited(7)
                }
                _ = try await cluster.etcdctl(["del", "/romana/election/daemon/\(other.name)"]).checked()
                try await eventually("the former serves again", within: .seconds(30)) {
                    try await Self.holder(cluster)?.name == former.name
                }
                #expect(former.agent === process && process?.status == nil)
                #expect(try await former.isReady())
            }
        }

        @Test("a port that is taken ends no agent; the daemon serves when it is free")
        func takenPort() async throws {
            var layout = Self.layout(nodes: 1)
            layout.agentOptions = ["--port", "9607"]
            // The agent's own health has that port.
            try await Cluster.run(layout, untilReady: false) { cluster in
                let node = cluster.nodes[0]
                try await eventually("it says so") {
                    TextFile.read(node.site.log)?.contains("listen on [::]:9607: address already in use") ?? false
                }
                #expect(node.agent?.status == nil)
                await node.stopAgent()
                try await node.startAgent(["--metrics", "9608"])
                try await node.waitUntilReady()
            }
        }

        @Test("an agent that cannot serve gives way to one that can")
        func givesWay() async throws {
            try await Cluster.run(Self.layout(nodes: 2)) { cluster in
                let former = try #require(try await Self.holder(cluster))
                let other = try #require(cluster.nodes.first { $0.name != former.name })
                let squatter = try await ChildProcess.start(
                    Program(
                        "busybox", ["httpd", "-f", "-p", "9600", "-h", cluster.directory.path],
                        namespace: other.site.namespace?.path),
                    log: cluster.directory.file("squatter.log"))
                do {
                    await former.stopAgent()
                    try await eventually("the other fails and says so") {
                        TextFile.read(other.site.log)?.contains("gives way to other candidates") ?? false
                    }
                    try await former.startAgent()
                    try await eventually("the former serves again", within: .seconds(40)) {
                        try await Self.holder(cluster)?.name == former.name
                    }
                    #expect(other.agent?.status == nil)
                    await squatter.stop()
                } catch {
                    await squatter.stop()
                    throw error
                }
            }
        }

        @Test("a carrier without a node serves beside agents that do not, and leaves its node alone")
        func carrier() async throws {
            var layout = ClusterLayout()
            layout.daemons = 0
            layout.agentOptions = ["--duties", "none"]
            try await Cluster.run(layout, untilReady: false) { cluster in
                let place = try await KernelState(of: cluster.fabric.namespace)
                let process = try await ChildProcess.start(
                    Program(
                        cluster.programs.agent,
                        [
                            "duties", "--duties", "daemon", "--hostname", "control", "--node-ip", Fabric.address4,
                            "--etcd-endpoints", cluster.etcdEndpoint,
                            "--initial-network", cluster.directory.file("topology.json"),
                        ], namespace: cluster.fabric.namespace.path),
                    log: cluster.directory.file("carrier.log"))
                do {
                    try await cluster.nodes[0].waitUntilReady()
                    let pod = try await cluster.nodes[0].makePod()
                    let addresses = try await pod.addPersistently()
                    let page = try await Program(
                        "curl", ["-sf", "http://\(Fabric.address4):9608/readyz"],
                        namespace: cluster.fabric.namespace.path
                    ).text()
                    #expect(page == "ok\nok etcd: answers\nok daemon: has it\n")
                    #expect(try await cluster.romana(["host", "list"]).checked().text.contains("node1"))
                    try await cluster.deleteAll([(pod, addresses)])
                    #expect(try await KernelState(of: cluster.fabric.namespace).routes == place.routes)
                    #expect(await process.stop() == .exited(0))
                    #expect(try await Self.daemons(cluster).isEmpty, "it gives its lease back")
                } catch {
                    await process.stop()
                    throw TestbedError("\(error)\n\(process.said(lines: 25))")
                }
            }
        }
    }
}
