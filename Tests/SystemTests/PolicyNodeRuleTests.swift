import Addresses
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    /// What a node does with packets besides policy.
    @Suite(
        "Rules of the node", .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyNodeRuleTests {
        @Test("What a pod's link brings must come from the pod, and advertises no router")
        func spoofing() async throws {
            try await PolicyStage.run { stage in
                let liar = try #require(stage.pods["x/a"])
                let victim = try #require(stage.pods["y/b"])
                let own = stage.addresses(of: "x/a")
                let targets = stage.addresses(of: "y/b")
                let honest = try ProbeCounter(in: victim.namespace.path, from: own)
                let others = stage.addresses(of: "x/b") + stage.addresses(of: "x/c") + PolicyStage.outside
                let forged = try ProbeCounter(in: victim.namespace.path, from: others)
                for source in others + own {
                    for target in targets where target.contains(":") == source.contains(":") {
                        for _ in 0..<10 { try ProbeForgery.send(in: liar.namespace, from: source, to: target) }
                    }
                }
                try await eventually("what says the truth arrives") { honest.count == 20 }
                #expect(forged.count == 0, "\(forged.first)")

                try ProbeForgery.advertiseRouter(in: liar.namespace)
                try await eventually("a router advertisement is dropped and counted") {
                    let rules = try await Program(
                        "nft", ["list", "chain", "inet", "romana", "spoofing"],
                        namespace: stage.cluster.nodes[0].site.namespace?.path
                    ).text()
                    let rule = rules.split(separator: "\n").first { $0.contains("router advertisement") }
                    return rule.map { $0.contains("counter") && !$0.contains("packets 0 ") } ?? false
                }
            }
        }

        /// A pod on node 1 that is attached with what a runtime hands to capabilities, and answers.
        private static func attach(
            _ name: String, _ runtimeConfig: String, on stage: PolicyStage
        ) async throws -> (pod: Pod, addresses: [String]) {
            let node = stage.cluster.nodes[0]
            var pod = try await node.makePod(tenant: "x")
            pod.name = name
            let object = KubernetesManifest.pod(name, in: "x", on: node.name, labels: ["pod": name])
            pod.uid = try await stage.kubernetes.create(object)
            let config = pod.config.dropLast() + #", "runtimeConfig": \#(runtimeConfig)}"#
            let addresses = try await pod.call("ADD").with(input: String(config)).run().checked().addresses
            try await stage.kubernetes.patch(
                object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
            try await stage.matrix.add("x/\(name)", namespace: pod.namespace.path)
            try await stage.matrix.serve("x/\(name)", tcp: [80, 81], udp: [80], sctp: [80])
            return (pod, addresses)
        }

        @Test("Ports of the node lead to the pods that asked for them, as far as policy allows, until they are gone")
        func mappedPorts() async throws {
            try await PolicyStage.run { stage in
                let served = try await Self.attach(
                    "served",
                    """
                    {"portMappings": [
                    {"hostPort": 8080, "containerPort": 80, "protocol": "tcp"},
                    {"hostPort": 8080, "containerPort": 80, "protocol": "udp"},
                    {"hostPort": 8080, "containerPort": 80, "protocol": "sctp"},
                    {"hostPort": 8081, "containerPort": 81, "protocol": "tcp", "hostIP": "\(Fabric.address4(ofNode: 1))"}]}
                    """, on: stage)
                let (four, six) = (Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1))
                let (outside4, outside6) = (PolicyStage.outside[0], PolicyStage.outside[1])
                func expect(_ isAnswered: Bool, _ probes: Probe..., line: Int = #line) async throws {
                    var wrong: [ProbeDisagreement] = []
                    do {
                        try await eventually("mapped ports do as they should", within: .seconds(5)) {
                            wrong = try await stage.matrix.disagreements(
                                probes.map { ProbeExpectation($0, isAnswered: isAnswered, by: "x/served") })
                            return wrong.isEmpty
                        }
                    } catch {
                        Issue.record("line \(line): \(wrong)")
                    }
                }
                let open = [
                    Probe(from: outside4, to: four, .tcp, 8080), Probe(from: outside6, to: six, .tcp, 8080),
                    Probe(from: outside4, to: four, .udp, 8080), Probe(from: outside6, to: six, .udp, 8080),
                    Probe(from: outside4, to: four, .sctp, 8080), Probe(from: outside6, to: six, .sctp, 8080),
                    Probe(from: "y/b", to: four, .tcp, 8080), Probe(from: "y/b", to: six, .udp, 8080),
                    Probe(from: "x/a", to: four, .tcp, 8080), Probe(from: "x/served", to: four, .tcp, 8080),
                    Probe(from: "x/served", to: six, .tcp, 8080), Probe(from: "node:node1", to: four, .tcp, 8080),
                    Probe(from: "node:node2", to: four, .tcp, 8080), Probe(from: outside4, to: four, .tcp, 8081),
                ]
                for probe in open { try await expect(true, probe) }
                // Another address of the node, and other nodes' and pods' ports of that number, are none of them.
                try await expect(
                    false, Probe(from: outside6, to: six, .tcp, 8081),
                    Probe(from: outside4, to: Fabric.address4(ofNode: 2), .tcp, 8080),
                    Probe(from: outside4, to: stage.addresses(of: "x/a")[0], .tcp, 8080))

                // A port of the node is no way around policy, which sees who asks.
                let policy = KubernetesManifest.networkPolicy(
                    "served", in: "x",
                    spec: """
                        {"podSelector": {"matchLabels": {"pod": "served"}},
                         "ingress": [{"from": [{"ipBlock": {"cidr": "\(outside4)/32"}}]}]}
                        """)
                try await stage.kubernetes.create(policy)
                try await expect(
                    false, Probe(from: outside6, to: six, .tcp, 8080), Probe(from: "y/b", to: four, .tcp, 8080),
                    Probe(from: "node:node2", to: four, .udp, 8080))
                try await expect(
                    true, Probe(from: outside4, to: four, .tcp, 8080), Probe(from: outside4, to: four, .udp, 8080),
                    Probe(from: "node:node1", to: four, .tcp, 8080), Probe(from: "x/served", to: four, .tcp, 8080))
                try await stage.kubernetes.delete(policy)

                // They survive the agent, and go with the pod.
                try await stage.cluster.restartAgent(of: stage.cluster.nodes[0])
                for probe in open { try await expect(true, probe) }
                try await served.pod.delete()
                for probe in open where probe.from != "x/served" { try await expect(false, probe) }
            }
        }

        @Test("A pod gets and sends as much as its bandwidth allows, and its neighbours what they like")
        func bandwidth() async throws {
            try await PolicyStage.run { stage in
                // 100,000 bytes a second in, 200,000 out; packets of 41 bytes, 55 with what a link adds.
                let held = try await Self.attach(
                    "held",
                    """
                    {"bandwidth": {"ingressRate": 800000, "ingressBurst": 80000,
                                   "egressRate": 1600000, "egressBurst": 80000}}
                    """, on: stage)
                func arrivals(from: String, at pod: Pod, _ address: String) async throws -> Int {
                    let source = try #require(from == "x/held" ? held.pod : stage.pods[from])
                    let counter = try ProbeCounter(in: pod.namespace.path)
                    let flood = try ProbeFlood.start(
                        from: source.namespace.path, to: [address], port: 4242, rate: 12_000)
                    // The burst first.
                    try await Task.sleep(for: .milliseconds(500))
                    let before = counter.count
                    for _ in 0..<15 {
                        try await Task.sleep(for: .milliseconds(100))
                        _ = counter.count
                    }
                    flood.stop()
                    return Int(Double(counter.count - before) / 1.5)
                }
                let free = try #require(stage.pods["x/a"])
                let far = try #require(stage.pods["y/b"])
                let (freeAddress, farAddress) = (stage.addresses(of: "x/a")[0], stage.addresses(of: "y/b")[0])
                let taken = try await arrivals(from: "y/b", at: held.pod, held.addresses[0])
                #expect((1_200...2_600).contains(taken), "\(taken) packets a second came in")
                let sent = try await arrivals(from: "x/held", at: far, farAddress)
                #expect((2_400...5_000).contains(sent), "\(sent) packets a second went out")
                let others = try await arrivals(from: "y/b", at: free, freeAddress)
                #expect(others > 6_000, "\(others) packets a second came to a pod without a limit")
                try await held.pod.delete()
            }
        }

        @Test("What leaves the cluster has the node's address, unless --nat=false; between pods it never has")
        func translation() async throws {
            for translates in [true, false] {
                try await PolicyStage.run({ $0.agentOptions += ["--nat", "\(translates)"] }) { stage in
                    let peer = try #require(stage.pods["y/b"])
                    let own = stage.addresses(of: "x/a")
                    let node = [Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1)]
                    let outside = stage.cluster.fabric.namespace.path
                    let (asPod, asNode) = (
                        try ProbeCounter(in: outside, from: own), try ProbeCounter(in: outside, from: node)
                    )
                    // Agents speak to etcd and daemons with the node's address: only what pods send counts.
                    let before = asNode.count
                    let probes = PolicyStage.outside.map { Probe(from: "x/a", to: $0, .udp, 80) }
                    let answers = try await stage.matrix.run(probes, patience: .seconds(1))
                    #expect(answers.allSatisfy { $0.isAnswered })
                    #expect((asPod.count > 0) == !translates && (!translates || asNode.count > before))

                    let seen = try ProbeCounter(in: peer.namespace.path, from: own)
                    let strange = try ProbeCounter(in: peer.namespace.path, from: node)
                    let between = stage.addresses(of: "y/b").map { Probe(from: "x/a", to: $0, .udp, 80) }
                    let replies = try await stage.matrix.run(between)
                    #expect(replies.allSatisfy { $0.isAnswered })
                    #expect(seen.count > 0 && strange.count == 0)
                }
            }
        }

        @Test("With --pod-to-host=false pods open nothing to their node, which reaches them all the same")
        func podToHost() async throws {
            try await PolicyStage.run({ $0.agentOptions += ["--pod-to-host", "false"] }) { stage in
                let node = [Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1)]
                var expectations = node.flatMap { address in
                    [Probe.Transport.tcp, .udp].map {
                        ProbeExpectation(Probe(from: "x/a", to: address, $0, 80), isAnswered: false)
                    }
                }
                expectations += (stage.addresses(of: "x/a")).map {
                    ProbeExpectation(Probe(from: "node:node1", to: $0, .tcp, 80), isAnswered: true, by: "x/a")
                }
                for other in ["x/c", "y/b"] {
                    expectations += stage.addresses(of: other).map {
                        ProbeExpectation(Probe(from: "x/a", to: $0, .tcp, 80), isAnswered: true, by: other)
                    }
                }
                let wrong = try await stage.matrix.disagreements(expectations)
                #expect(wrong.isEmpty, "\(wrong)")
            }
        }

        @Test("With --policies=false everybody reaches everybody, whatever policies say")
        func noPolicies() async throws {
            try await PolicyStage.run({ $0.agentOptions += ["--policies", "false"] }) { stage in
                let open = stage.world
                try await stage.make([
                    .put(NetworkPolicy(namespace: "x", name: "shut", policyTypes: [.ingress, .egress]))
                ])
                try await eventually("the listener has written the policy") {
                    try await !stage.cluster.keys(below: "/romana/policies/").isEmpty
                }
                try await Task.sleep(for: .milliseconds(500))
                stage.world = open
                #expect(try await stage.disagreements().isEmpty)
            }
        }
    }
}
