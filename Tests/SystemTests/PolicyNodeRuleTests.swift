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
        /// A pod on node 1 that is attached with what a runtime hands to capabilities, and answers.
        private static func attach(
            _ name: String, _ runtimeConfig: String, on stage: PolicyStage
        ) async throws -> Pod {
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
            return pod
        }

        @Test("A port of the node is no way around policy, which sees who asks")
        func mappedPorts() async throws {
            try await PolicyStage.run { stage in
                let pod = try await Self.attach(
                    "served",
                    """
                    {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"},
                    {"hostPort": 8080, "containerPort": 80, "protocol": "udp"}]}
                    """, on: stage)
                let (four, six) = (Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1))
                let (outside4, outside6) = (PolicyStage.outside[0], PolicyStage.outside[1])
                func expect(_ isAnswered: Bool, _ probes: [Probe], line: Int = #line) async throws {
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
                let allowed = [
                    Probe(from: outside4, to: four, .tcp, 8080), Probe(from: outside4, to: four, .udp, 8080),
                    Probe(from: "node:node1", to: four, .tcp, 8080), Probe(from: "x/served", to: four, .tcp, 8080),
                ]
                let forbidden = [
                    Probe(from: outside6, to: six, .tcp, 8080), Probe(from: "y/b", to: four, .tcp, 8080),
                    Probe(from: "node:node2", to: four, .udp, 8080),
                ]
                try await expect(true, allowed + forbidden)
                let policy = KubernetesManifest.networkPolicy(
                    "served", in: "x",
                    spec: """
                        {"podSelector": {"matchLabels": {"pod": "served"}},
                         "ingress": [{"from": [{"ipBlock": {"cidr": "\(outside4)/32"}}]}]}
                        """)
                try await stage.kubernetes.create(policy)
                try await expect(false, forbidden)
                try await expect(true, allowed)
                try await stage.kubernetes.delete(policy)
                try await expect(true, allowed + forbidden)
                try await pod.delete()
            }
        }

        @Test("A drop is told to a group of NFLOG with the name of the policy that allowed nothing")
        func drops() async throws {
            try await PolicyStage.run { stage in
                let log = try DropLog(group: 71, in: stage.cluster.fabric.nodes[0].path)
                try await stage.make([.put(NetworkPolicy(namespace: "x", name: "shut", policyTypes: [.ingress]))])
                let probe = Probe(from: "y/b", to: stage.addresses(of: "x/a")[0], .udp, 80)
                try await eventually("the drop is told of") {
                    _ = try await stage.matrix.run([probe])
                    return log.prefixes().contains("romana in x/shut")
                }
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
