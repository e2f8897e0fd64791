import CNIProtocol
import KubeletDriver
import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// A kubelet and containerd's own interface for it, in the place of the driver that other tests have.
    @Suite(
        "A real kubelet",
        .enabled(if: RealKubelet.given != nil, "ROMANA_KUBELET names none; Tests/kubelet.sh builds one"),
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"),
        .enabled(if: ContainerdTests.isRoot, "containerd needs the machine's root: sudo make test"))
    struct RealKubeletTests {
        private static func manifest(_ name: String) throws -> String {
            try #require(TextFile.read("\(Manifests.folder)/\(name)"))
        }

        @Test(
            "starts agents from their image; pods reach each other, keep to a policy and leave; nodes are left as they were"
        )
        func wholeLife() async throws {
            let images = try TemporaryDirectory("images")
            defer { images.remove() }
            try await ImageTests.make("agent", in: images.path)
            var layout = KubernetesCluster.Layout()
            layout.nodes = 2
            layout.kubelet = RealKubelet.given
            layout.images = try FileSystem.listDirectory(images.path).filter { $0.hasSuffix(".tar") }
                .map { images.file($0) }
            try await KubernetesCluster.run(layout) { cluster in
                try await cluster.install(try Self.manifest("romana-daemonset.yml"), options: ["--block-cooldown=0"])
                try await cluster.untilRolledOut("romana-agent", in: "kube-system")
                try await cluster.untilNodesAreReady()
                var addresses: [String: [String]] = [:]
                for (name, node) in [("a", "node1"), ("b", "node2"), ("c", "node2")] {
                    try await cluster.kubernetes.create(
                        KubernetesCluster.pod(name, on: node, labels: ["app": name]))
                }
                for name in ["a", "b", "c"] { addresses[name] = try await cluster.untilReady(name).addresses }
                for (from, to) in [("a", "b"), ("b", "a"), ("b", "c")] {
                    try await Self.expect(from, reaches: addresses[to] ?? [], true, in: cluster)
                }
                let policy = KubernetesManifest.networkPolicy(
                    "b", in: "default",
                    spec: """
                        {"podSelector": {"matchLabels": {"app": "b"}},
                         "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "c"}}}]}]}
                        """)
                try await cluster.kubernetes.apply(policy)
                try await Self.expect("a", reaches: addresses["b"] ?? [], false, in: cluster)
                try await Self.expect("c", reaches: addresses["b"] ?? [], true, in: cluster)
                for name in ["a", "b", "c"] { try await cluster.kubernetes.delete(KubernetesCluster.pod(name)) }
                try await eventually("the pods have gone", within: .seconds(90)) {
                    for name in ["a", "b", "c"]
                    where try await cluster.kubernetes.object("/api/v1/namespaces/default/pods/\(name)") != nil {
                        return false
                    }
                    return true
                }
                for machine in cluster.machines {
                    try await eventually("no pod's link is left on \(machine.name)", within: .seconds(30)) {
                        try await !machine.program("ip", ["-oneline", "link", "show"]).text().contains(" rom")
                    }
                }
                try await cluster.delete(try Self.manifest("romana-daemonset.yml"))
                try await eventually("the agents have ended", within: .seconds(60)) {
                    let pods = try await cluster.kubernetes.object("/api/v1/namespaces/kube-system/pods")
                    return pods?["items"]?.arrayValue?.isEmpty ?? false
                }
                try await cluster.uninstall(try Self.manifest("romana-uninstall.yml"))
            }
        }

        /// Waits until a pod gets answers from all of these addresses, or from none.
        private static func expect(
            _ pod: String, reaches addresses: [String], _ isReached: Bool, in cluster: KubernetesCluster
        ) async throws {
            #expect(!addresses.isEmpty)
            for address in addresses {
                try await eventually("\(pod) \(isReached ? "reaches" : "does not reach") \(address)") {
                    try await cluster.execute(["ping", "-c", "1", "-W", "1", address], in: pod).status.isSuccess
                        == isReached
                }
            }
        }
    }
}
