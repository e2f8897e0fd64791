import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    /// Who is in a group that a policy names, besides what labels say.
    @Suite(
        "Policies and who their peers are",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyMembershipTests {
        /// Pods a of x hear pods with the label `guest`, of all namespaces.
        private static let hearsGuests = PolicyChange.put(
            NetworkPolicy(
                namespace: "x", name: "guests", podSelector: LabelSelector(matchLabels: ["pod": "a"]),
                ingress: [
                    .init(peers: [
                        .pods(namespaces: LabelSelector(), pods: LabelSelector(matchLabels: ["guest": "yes"]))
                    ])
                ]))

        private static let guest = CaseWorld.record("y", "d", labels: ["guest": "yes"])

        /// Waits until probes from a site to pod x/a, over both families, are answered or not.
        private static func expect(_ site: String, hears isAnswered: Bool, on stage: PolicyStage) async throws {
            let expectations = stage.addresses(of: "x/a").map {
                ProbeExpectation(Probe(from: site, to: $0, .tcp, 80), isAnswered: isAnswered, by: "x/a")
            }
            try await eventually("x/a \(isAnswered ? "hears" : "does not hear") \(site)") {
                try await stage.matrix.disagreements(expectations).isEmpty
            }
        }

        @Test(
            "A pod that has succeeded or failed is a peer no more, though its object is there",
            arguments: [
                "Succeeded", "Failed",
            ])
        func ended(phase: String) async throws {
            try await PolicyStage.run { stage in
                try await stage.make([Self.hearsGuests, .start(Self.guest)])
                #expect(try await stage.disagreements().isEmpty)
                try await Self.expect("y/d", hears: true, on: stage)
                let status = KubernetesManifest.status(phase: phase, addresses: stage.addresses(of: "y/d"))
                try await stage.kubernetes.patch(
                    KubernetesObject(.pod, "d", in: "y"), status, part: "status")
                try await Self.expect("y/d", hears: false, on: stage)
                let index = try #require(stage.world.oracle.pods.firstIndex { $0.record.name == "d" })
                stage.world.oracle.pods[index].hasEnded = true
                #expect(try await stage.disagreements().isEmpty)
            }
        }

        @Test("A pod on its node's network is no peer: a selector that means it does not let its node in")
        func hostNetwork() async throws {
            try await PolicyStage.run { stage in
                try await stage.make([Self.hearsGuests])
                let node = stage.cluster.nodes[1]
                let object = KubernetesManifest.pod(
                    "proxy", in: "y", on: node.name, labels: ["guest": "yes"], onNetworkOfNode: true)
                try await stage.kubernetes.create(object)
                let addresses = [Fabric.address4(ofNode: 2), Fabric.address6(ofNode: 2)]
                try await stage.kubernetes.patch(
                    object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
                // What is told after it has been handled when a guest that was told later is let in.
                try await stage.make([.start(Self.guest)])
                try await Self.expect("y/d", hears: true, on: stage)
                let wrong = try await stage.disagreements()
                #expect(wrong.isEmpty, "\(wrong.prefix(5))")
                try await Self.expect("node:\(node.name)", hears: false, on: stage)
            }
        }

        @Test("With --namespace-isolation the annotation that came before NetworkPolicies closes a namespace")
        func annotation() async throws {
            try await PolicyStage.run({ $0.agentOptions.append("--namespace-isolation") }) { stage in
                let namespace = KubernetesObject(.namespace, "x")
                func annotate(_ value: String) async throws {
                    try await stage.kubernetes.patch(
                        namespace,
                        #"{"metadata": {"annotations": {"net.beta.kubernetes.io/networkpolicy": \#(value)}}}"#)
                }
                try await annotate(#""{\"ingress\": {\"isolation\": \"DefaultDeny\"}}""#)
                let open = stage.world
                stage.world.apply(.put(NetworkPolicy(namespace: "x", name: "isolation", policyTypes: [.ingress])))
                #expect(try await stage.disagreements().isEmpty)
                try await annotate("null")
                stage.world = open
                #expect(try await stage.disagreements().isEmpty)
            }
        }
    }
}
