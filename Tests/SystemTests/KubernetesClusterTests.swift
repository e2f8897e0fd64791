import CNIProtocol
import KubeletDriver
import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// The whole life of an installation on a Kubernetes cluster: real API server and containers, three machines.
    @Suite(
        "A Kubernetes cluster",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"),
        .enabled(if: ContainerdTests.isRoot, "containerd needs the machine's root: sudo make test"))
    struct KubernetesClusterTests {
        private static var layout: KubernetesCluster.Layout {
            var layout = KubernetesCluster.Layout()
            layout.manners = .hasty
            layout.releases["previous"] = previous
            return layout
        }

        /// The programs that an upgrade begins with: `ROMANA_PREVIOUS` names the folder of another build.
        private static var previous: Programs {
            guard let folder = ProcessEnvironment.value("ROMANA_PREVIOUS") else { return .built }
            return Programs(directory: folder, cni: ProcessEnvironment.value("ROMANA_PREVIOUS_CNI"))
        }

        private static func manifest(_ name: String = "romana-daemonset.yml") throws -> String {
            try #require(TextFile.read("\(ContainerdTests.scripts)/../specs/\(name)"))
        }

        /// Applies the manifest and waits until pods can be started.
        private static func install(on cluster: KubernetesCluster) async throws {
            try await cluster.install(try manifest(), release: "previous")
            try await cluster.untilRolledOut("romana-agent", in: "kube-system")
            try await cluster.untilNodesAreReady()
        }

        @Test(
            "gets its network by one manifest, keeps to policies, is upgraded without losing a packet, and goes without a trace"
        )
        func wholeLife() async throws {
            try await KubernetesCluster.run(Self.layout) { cluster in
                let before = try await Self.snapshots(of: cluster)
                try await Self.install(on: cluster)
                var traffic = try ClusterTraffic(in: cluster)
                defer { traffic.matrix.stop() }

                // Nobody says where: one comes to each node.
                let names = ["db", "other", "web"]
                for name in names {
                    try await cluster.kubernetes.create(KubernetesCluster.pod(name, labels: ["app": name]))
                }
                try await traffic.join(names)
                try await traffic.settles()
                try await Self.pingsFromInside(cluster, traffic)

                let policy = KubernetesManifest.networkPolicy(
                    "db", in: "default",
                    spec: """
                        {"podSelector": {"matchLabels": {"app": "db"}},
                         "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]}
                        """)
                try await cluster.kubernetes.apply(policy)
                try await traffic.settles(without: [("other", "db")])

                // There and back.
                for release in ["3.0.0", "previous"] { try await Self.roll(cluster, to: release, traffic) }
                try await traffic.settles(without: [("other", "db")])
                try await cluster.kubernetes.delete(policy)
                try await traffic.settles()

                for name in names { try await cluster.kubernetes.delete(KubernetesCluster.pod(name)) }
                try await Self.callsWere(cluster, pods: 1)
                try await Self.uninstall(cluster)
                let after = try await Self.snapshots(of: cluster)
                for (earlier, later) in zip(before, after) { #expect(later.differences(from: earlier) == []) }
            }
        }

        /// Containers themselves reach the others, not only their namespaces.
        private static func pingsFromInside(_ cluster: KubernetesCluster, _ traffic: ClusterTraffic) async throws {
            let node = try await cluster.untilReady("web").node
            for address in traffic.addresses["db"] ?? [] {
                let ping = try await cluster.driver(of: node).execute(
                    ["ping", "-c", "1", "-W", "3", address], in: "web", "default")
                #expect(ping.status.isSuccess, "\(ping.text)\(ping.errorText)")
            }
        }

        /// Every agent is replaced by one of another release, one node after the other, while pods talk.
        private static func roll(
            _ cluster: KubernetesCluster, to release: String, _ traffic: ClusterTraffic
        ) async throws {
            let old = try await agents(of: cluster)
            try #require(old.count == 3)
            let seen = try await traffic.losesNothing(between: [("web", "db"), ("other", "web"), ("db", "other")]) {
                try await cluster.roll(to: release)
            }
            print("to \(release): \(seen.pings) pings answered, \(seen.words) words through streams, nothing lost")
            #expect(try await agents(of: cluster).isDisjoint(with: old))
        }

        private static func agents(of cluster: KubernetesCluster) async throws -> Set<String> {
            let pods = try await cluster.kubernetes.object("/api/v1/namespaces/kube-system/pods")?["items"]?.arrayValue
            return Set((pods ?? []).compactMap { $0["metadata"]?["uid"]?.stringValue })
        }

        /// Waits until every driver has called the plugin as often as a kubelet does.
        private static func callsWere(_ cluster: KubernetesCluster, pods: Int) async throws {
            for driver in cluster.drivers {
                // Two late ones for each sandbox, and one for a sandbox that was never made.
                try await eventually("\(driver.machine.name) has had all its DELs", within: .seconds(30)) {
                    let calls = driver.calls
                    return calls.adds == pods && calls.deletes == pods && calls.lateDeletes == 2 * pods + 1
                }
                #expect(driver.calls.failures == [])
            }
        }

        private static func uninstall(_ cluster: KubernetesCluster) async throws {
            try await cluster.delete(try manifest())
            try await eventually("the agents have ended", within: .seconds(40)) {
                try await agents(of: cluster).isEmpty
            }
            try await cluster.uninstall(try manifest("romana-uninstall.yml"))
            try await eventually("those that uninstall have ended", within: .seconds(40)) {
                try await agents(of: cluster).isEmpty
            }
            // The folder of the journal was a mount of the container's: it alone is left.
            for machine in cluster.machines {
                try await machine.program(cluster.programs.agent, ["uninstall"]).text()
            }
        }

        private static func snapshots(of cluster: KubernetesCluster) async throws -> [MachineSnapshot] {
            var snapshots: [MachineSnapshot] = []
            for machine in cluster.machines { snapshots.append(try await MachineSnapshot(of: machine)) }
            return snapshots
        }
    }
}
