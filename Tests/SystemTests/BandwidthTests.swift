import Testbed
import Testing

extension SystemTests {
    /// What a runtime asks for by the capability `bandwidth`.
    @Suite("Bandwidth")
    struct BandwidthTests {
        /// A megabyte a second in one direction, with a burst that hardly counts.
        private static func limit(_ direction: String) -> String {
            #"{"bandwidth": {"\#(direction)Rate": 8000000, "\#(direction)Burst": 400000}}"#
        }
        private static let both = #"""
            {"bandwidth": {"ingressRate": 8000000, "ingressBurst": 400000, "egressRate": 8000000, "egressBurst": 400000}}
            """#
        /// How much is moved: the burst, and two seconds' worth of the rate.
        private static let bytes = 2_050_000

        private static func isLimited(_ duration: Duration) -> Bool { duration > .milliseconds(1500) }

        /// Serves a file of `bytes` from a pod's namespace, for as long as the cluster is there.
        private static func serveFile(from pod: Pod, of cluster: Cluster) async throws {
            let folder = try cluster.directory.directory("www")
            try await Program("truncate", ["-s", "\(bytes)", "\(folder)/file"]).text()
            let program = Program(
                "busybox", ["httpd", "-f", "-p", "8000", "-h", folder], namespace: pod.namespace.path)
            _ = try await ChildProcess.start(program, log: cluster.directory.file("httpd-\(pod.name).log"))
            for address in ["127.0.0.1", "[::1]"] {
                try await eventually("\(pod.name) serves a file") {
                    try await Program(
                        "busybox", ["wget", "-q", "-O", "/dev/null", "http://\(address):8000/file"],
                        namespace: pod.namespace.path
                    ).run().status.isSuccess
                }
            }
        }

        /// How long the file takes from an address into a pod.
        private static func fetch(from address: String, into pod: Pod) async throws -> Duration {
            let host = address.contains(":") ? "[\(address)]" : address
            let program = Program(
                "busybox", ["wget", "-q", "-O", "/dev/null", "http://\(host):8000/file"], namespace: pod.namespace.path)
            let start = ContinuousClock.now
            try await program.text(limit: .seconds(30))
            return .now - start
        }

        /// Expects what `slow` sends, or takes in, to be held to the rate, and nothing else.
        private static func expect(
            ingress: Bool, egress: Bool, of name: String, on stage: TrafficStage
        ) async throws {
            for (slow, fast) in zip(stage.addresses(name), stage.addresses("far")) {
                let into = try await fetch(from: fast, into: stage.pod(name))
                #expect(isLimited(into) == ingress && into < .seconds(8), "to \(slow): \(into)")
                let out = try await fetch(from: slow, into: stage.pod("far"))
                #expect(isLimited(out) == egress && out < .seconds(8), "from \(slow): \(out)")
            }
        }

        private static func ifbs(on stage: TrafficStage) async throws -> [String] {
            try await IPRoute2.list(KernelState.Link.self, "link show type ifb", in: stage.cluster.fabric.nodes[0])
                .filter { !$0.isLeaving }.map(\.ifname)
        }

        @Test("is held to in the direction that was asked for, and in no other", arguments: ["ingress", "egress"])
        func direction(_ direction: String) async throws {
            try await TrafficStage.run { stage in
                try await stage.attach("far", on: 2)
                try await stage.attach("slow", on: 1, Self.limit(direction))
                for name in ["far", "slow"] { try await Self.serveFile(from: stage.pod(name), of: stage.cluster) }
                try await Self.expect(
                    ingress: direction == "ingress", egress: direction == "egress", of: "slow", on: stage)
                #expect(try await Self.ifbs(on: stage).count == (direction == "egress" ? 1 : 0))
            }
        }

        @Test("outlives the agent, leaves nothing behind, and CHECK notices what is missing of it")
        func lifetime() async throws {
            try await TrafficStage.run { stage in
                try await stage.attach("far", on: 2)
                let pod = try await stage.makePod("slow", on: 1)
                let added = try await pod.call("ADD", Self.both).run().checked()
                try await stage.admit("slow", pod, added.addresses)
                for name in ["far", "slow"] { try await Self.serveFile(from: stage.pod(name), of: stage.cluster) }
                let check = pod.call("CHECK", Self.both, afterResult: added.result.text)
                try await check.run().checked()

                let node = stage.cluster.nodes[0]
                await node.crashAgent()
                try await Self.expect(ingress: true, egress: true, of: "slow", on: stage)
                try await stage.cluster.restartAgent(of: node)
                try await check.run().checked()
                try await Self.expect(ingress: true, egress: true, of: "slow", on: stage)
                let ifb = try await Self.ifbs(on: stage)
                #expect(ifb.count == 1)

                let links = try await KernelState(of: node.site.namespace).podLinks.map(\.ifname)
                let veth = try #require(links.first { !ifb.contains($0) })
                for (link, parent) in [(veth, "root"), (veth, "ingress"), (ifb[0], "root")] {
                    // Made anew by DEL and ADD, as a runtime would.
                    try await pod.delete()
                    let added = try await pod.call("ADD", Self.both).run().checked()
                    let check = pod.call("CHECK", Self.both, afterResult: added.result.text)
                    try await check.run().checked()
                    try await Program(
                        "tc", ["qdisc", "del", "dev", link, parent], namespace: node.site.namespace?.path
                    )
                    .text()
                    let answer = try await check.run()
                    #expect(answer.code == 103 && answer.document?.msg?.contains("qdisc") ?? false, "\(answer)")
                }
                try await stage.detach("slow")
                try await eventually("nothing is left of the limits") {
                    let state = try await KernelState(of: node.site.namespace)
                    return state.links.allSatisfy { !$0.isOurs }
                }
                try await node.agrees()
            }
        }

        @Test("goes with its pod when the pod's namespace or a half-finished ADD is gone")
        func remains() async throws {
            try await TrafficStage.run { stage in
                let node = stage.cluster.nodes[0]
                // The agent dies when the links are made: the next one undoes it.
                await node.crashAgent()
                try await node.startAgent(fault: "add-host-configured")
                try await node.waitUntilReady()
                let pod = try await stage.makePod("half", on: 1)
                #expect(try await !pod.call("ADD", Self.both).run().isSuccess)
                try await stage.cluster.restartAgent(of: node)
                try await pod.delete()
                try await eventually("nothing is left of half an ADD") { try await Self.ifbs(on: stage).isEmpty }
                // A sandbox that ended without DEL: its pair goes by itself, the other link when DEL comes.
                let lost = try await stage.makePod("lost", on: 1)
                try await lost.call("ADD", Self.both).run().checked()
                await Namespace.delete([lost.namespace])
                try await lost.delete()
                try await eventually("nothing is left of a pod without a namespace") {
                    try await KernelState(of: node.site.namespace).links.allSatisfy { !$0.isOurs }
                }
                try await node.agrees()
            }
        }
    }
}
