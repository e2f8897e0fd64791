import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    /// What `romana policy explain` says of a living cluster, and what its kernels say.
    @Suite(
        "Policies explained",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyExplainTests {
        @Test("romana policy explain says what is right, why, and that the kernels agree")
        func explains() async throws {
            try await PolicyStage.run { stage in
                var policy = NetworkPolicy(namespace: "y", name: "from-x")
                policy.podSelector = LabelSelector(matchLabels: ["pod": "a"])
                policy.policyTypes = [.ingress, .egress]
                policy.ingress = [
                    .init(
                        peers: [.pods(namespaces: LabelSelector(matchLabels: ["ns": "x"]), pods: nil)],
                        ports: [.init(.tcp, .number(80)), .init(.udp, .name("serve-81-udp"))])
                ]
                policy.egress = [.init(ports: [.init(.tcp, .name("web"))])]
                try await stage.make([.put(policy)])
                #expect(try await stage.disagreements() == [])

                let table: [(from: String, to: String, traffic: String, status: Int32, words: String)] = [
                    ("x/a", "y/a", "tcp/80", 0, "y/from-x ingress 0"),
                    ("x/b", "y/a", "udp/81", 0, "y/from-x ingress 0"),
                    ("x/a", "y/a", "tcp/81", 1, "y/from-x"),
                    ("z/a", "y/a", "tcp/80", 1, "y/from-x"),
                    ("y/a", "z/b", "tcp/81", 0, "y/from-x egress 0"),
                    ("y/a", "z/b", "tcp/80", 1, "y/from-x"),
                    ("z/b", "z/c", "udp/80", 0, ""),
                ]
                for cell in table {
                    for family in [[], ["-6"]] {
                        let run = try await stage.cluster.romana(
                            ["policy", "explain", cell.from, cell.to, cell.traffic] + family)
                        let said = "\(cell): \(run.text) \(run.errorText)"
                        #expect(run.status == .exited(cell.status), "\(said)")
                        #expect(run.text.contains(cell.words), "\(said)")
                    }
                }
            }
        }
    }
}
