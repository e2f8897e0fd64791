import Addresses
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    /// What users, or whoever writes to etcd, may do: it is handled, or refused for itself alone.
    @Suite(
        "Policies that mean harm",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyHostileTests {
        /// Policies that hold before, meanwhile and after.
        private static let others: [PolicyChange] = [
            .put(
                NetworkPolicy(
                    namespace: "y", name: "guard", podSelector: LabelSelector(matchLabels: ["pod": "a"]),
                    ingress: [
                        .init(
                            peers: [.pods(namespaces: LabelSelector(matchLabels: ["ns": "z"]), pods: nil)],
                            ports: [.init(.tcp, .number(80))])
                    ])),
            .put(NetworkPolicy(namespace: "z", name: "shut", policyTypes: [.egress], egress: [])),
        ]

        /// 10,000 addresses, each a peer of its own.
        private static let crowd: [NetworkPolicy.Peer] = (0..<10_000).compactMap { number in
            IPPrefix("198.18.\(number / 250).\(number % 250 + 1)/32").map { .block($0, except: []) }
        }

        /// Blocks that lie within each other, the whole of both families among them.
        private static func nested(_ world: CaseWorld) -> [NetworkPolicy.Peer] {
            (0...32).compactMap { world.prefix("x/b", .ipv4, length: $0) }.map { .block($0, except: []) }
                + (0...128).compactMap { world.prefix("x/b", .ipv6, length: $0) }.map { .block($0, except: []) }
        }

        private static let nobody = LabelSelector(
            matchLabels: ["nobody": "has-this"], matchExpressions: [.init("nobody", .doesNotExist)])

        @Test("Huge, empty, overlapping and long ones that the API server takes are enforced as they are written")
        func taken() async throws {
            try await PolicyStage.run { stage in
                try await stage.make(Self.others)
                #expect(try await stage.disagreements().isEmpty)
                let a = LabelSelector(matchLabels: ["pod": "a"])
                let long = String(repeating: "n", count: 253)
                let hostile: [NetworkPolicy] = [
                    NetworkPolicy(
                        namespace: "x", name: "crowd", podSelector: a,
                        ingress: [
                            .init(
                                peers: Self.crowd + [
                                    .pods(namespaces: nil, pods: LabelSelector(matchLabels: ["pod": "c"]))
                                ])
                        ]),
                    NetworkPolicy(
                        namespace: "x", name: "nobody", podSelector: a,
                        ingress: [.init(peers: [.pods(namespaces: Self.nobody, pods: Self.nobody)])]),
                    NetworkPolicy(namespace: "x", name: "about-nobody", podSelector: Self.nobody),
                    NetworkPolicy(
                        namespace: "x", name: long, podSelector: LabelSelector(matchLabels: ["pod": "b"]),
                        ingress: [.init(ports: [.init(.udp, .number(81))])]),
                    NetworkPolicy(
                        namespace: "x", name: "nested", podSelector: LabelSelector(matchLabels: ["pod": "c"]),
                        policyTypes: [.egress], egress: [.init(peers: Self.nested(stage.world))]),
                    NetworkPolicy(
                        namespace: "z", name: "ports", podSelector: a,
                        ingress: [
                            .init(
                                ports: (1...2_000).map { .init(.tcp, .number($0 * 3)) }
                                    + [.init(.tcp, .number(81))])
                        ]),
                ]
                try await stage.make(hostile.map { .put($0) })
                let wrong = try await stage.disagreements(within: .seconds(30))
                #expect(wrong.isEmpty, "\(wrong.count) cells, such as \(wrong.prefix(5))")
                try await stage.make(hostile.map { .remove($0.namespace, $0.name) })
                let left = try await stage.disagreements(within: .seconds(30))
                #expect(left.isEmpty, "\(left.count) cells, such as \(left.prefix(5))")
            }
        }

        @Test("What nobody can read, written past the API server, is left out, and the others stay enforced")
        func slippedIn() async throws {
            try await PolicyStage.run { stage in
                try await stage.make(Self.others)
                #expect(try await stage.disagreements().isEmpty)
                let metadata = #""apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": "#
                let spec = #""podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "300.1.2.3/99"}}]}]"#
                let records = [
                    "own-garbage": "\u{1}\u{2} no JSON",
                    "own-nothing": "",
                    "own-list": "[1, 2, 3]",
                    "own-policy": #"{"id": "other", "direction": "sideways", "applied_to": [{"tenant_id": "x"}]}"#,
                    "own-block": """
                    {"id": "own-block", "direction": "ingress", "applied_to": [{"tenant_id": "nobody"}],
                     "ingress": [{"peers": [{"cidr": "10.0.0.0/77"}], "rules": [{"protocol": "quic"}]}]}
                    """,
                    "own-deep": String(repeating: "[", count: 20_000),
                    "own-kube": #"{\#(metadata){"name": "bad", "namespace": "nowhere"}, "spec": {\#(spec)}}"#,
                ]
                for (id, value) in records {
                    try await stage.cluster.etcdctl(["put", "--", "/romana/policies/\(id)", value]).checked()
                }
                try await stage.cluster.etcdctl(["put", "/romana/groups/none/not-an-address", "{}"]).checked()
                let wrong = try await stage.disagreements(within: .seconds(10))
                #expect(wrong.isEmpty, "\(wrong.count) cells, such as \(wrong.prefix(5))")

                // Life goes on: policies change, agents start anew among the rubbish.
                try await stage.make([.remove("z", "shut")])
                for node in stage.cluster.nodes { try await stage.cluster.restartAgent(of: node) }
                try await stage.make([
                    .put(NetworkPolicy(namespace: "z", name: "shut", policyTypes: [.ingress, .egress]))
                ])
                let later = try await stage.disagreements(within: .seconds(30))
                #expect(later.isEmpty, "\(later.count) cells, such as \(later.prefix(5))")
            }
        }
    }
}
