import Testbed
import Testing

extension SystemTests {
    /// What components ask of the API server, by its own record, and what their roles in specs/ let them.
    @Suite(
        "Roles in the manifests",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct ManifestAccessTests {
        /// The API server of the testbed takes it; no block is written like that.
        private static let refused = KubernetesManifest.networkPolicy(
            "refused", in: "x",
            spec: """
                {"podSelector": {}, "ingress": [
                    {"from": [{"ipBlock": {"cidr": "10.0.0.0/08"}}]}]}
                """)

        /// What the roles of a manifest allow, by service account.
        private static func grants(in name: String) throws -> [String: Set<String>] {
            var grants: [String: Set<String>] = [:]
            for object in try Manifests.file(name).objects where object.kind == "ClusterRole" {
                grants[object.name] = object.grants
            }
            return grants
        }

        /// Has everything happen that components tell or ask the API server of.
        private static func live(on cluster: Cluster, _ kubernetes: KubernetesAPIServer) async throws {
            let node = cluster.nodes[0]
            try await kubernetes.create(KubernetesManifest.namespace("x"))
            try await kubernetes.apply(refused)
            let object = KubernetesManifest.pod("a", in: "x", on: node.name, labels: ["pod": "a"])
            var pod = try await node.makePod(tenant: "x")
            pod.name = "a"
            pod.uid = try await kubernetes.create(object)
            let addresses = try await pod.add()
            try await kubernetes.patch(
                object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
            let events = KubernetesObject(.event, "", in: "x")
            try await eventually("the policy's author is told", within: .seconds(60)) {
                try await kubernetes.get(events).contains("PolicyInForceInPart")
            }
            let stranger = try await node.makePod(tenant: "x")
            func refuse() async throws {
                #expect(try await stranger.call("ADD").run().code == 11)
                try await stranger.delete()
            }
            try await refuse()
            try await eventually("the pod's author is told") {
                try await kubernetes.get(events).contains("PolicyUnknown")
            }
            // Whoever comes next tells the same event again, which then is one more of the first.
            try await cluster.restartAgent(of: node)
            try await refuse()
            // A host whose node is gone; whoever removes it asks once more.
            let lost = #"{"name": "lost", "ip": "10.0.0.99", "k8s_info": {"uid": "former"}}"#
            _ = try await cluster.etcdctl(["put", "/romana/hosts/lost", lost]).checked()
            try await eventually("the lost host is removed", within: .seconds(30)) {
                try await cluster.keys(below: "/romana/hosts/lost").isEmpty
            }
            try await cluster.deleteAll([(pod, addresses)])
        }

        @Test("romana-daemonset.yml: agents that carry the listener use all that they may, and ask for nothing else")
        func daemonSet() async throws {
            let manifest = "romana-daemonset.yml"
            var layout = ClusterLayout(nodes: 1)
            layout.hasKubernetes = true
            layout.manifest = "\(Manifests.folder)/\(manifest)"
            layout.agentOptions = ["--host-grace", "1"]
            try await Cluster.run(layout) { cluster in
                let kubernetes = try #require(cluster.kubernetes)
                try await Self.live(on: cluster, kubernetes)
                try await Self.expect(try Self.grants(in: manifest), at: kubernetes)
            }
        }

        @Test("romana-listener.yaml and romana-agent.yaml: each uses all that it may, and asks for nothing else")
        func separately() async throws {
            var layout = ClusterLayout(nodes: 1)
            layout.hasKubernetes = true
            layout.manifest = "\(Manifests.folder)/romana-kubeadm.yml"
            layout.agentOptions = ["--duties", "none"]
            try await Cluster.run(layout) { cluster in
                let kubernetes = try #require(cluster.kubernetes)
                try await kubernetes.writeToken(of: "romana-listener")
                var listener = try await Self.start("listener", ["--host-grace", "1"], on: cluster, kubernetes)
                do {
                    try await Self.live(on: cluster, kubernetes)
                    await listener.stop()
                    listener = try await Self.start("listener", ["--host-grace", "1"], on: cluster, kubernetes)
                    try await Self.expect(try Self.grants(in: "romana-kubeadm.yml"), at: kubernetes)
                } catch {
                    let words = listener.said()
                    await listener.stop()
                    throw TestbedError("\(error)\n\(words)")
                }
                await listener.stop()
            }
        }

        @Test("romana-vpcrouter.yaml: uses all that it may, and asks for nothing else")
        func vpcRouter() async throws {
            var layout = ClusterLayout(nodes: 1)
            layout.hasKubernetes = true
            layout.manifest = "\(Manifests.folder)/romana-daemonset.yml"
            try await Cluster.run(layout) { cluster in
                let kubernetes = try #require(cluster.kubernetes)
                for object in try Manifests.file("romana-vpcrouter.yaml").objects { try await kubernetes.apply(object) }
                try await kubernetes.writeToken(of: "romana-vpcrouter")
                let grants = try Self.grants(in: "romana-vpcrouter.yaml")
                // A watch is on record once it has ended. There is no cloud here, of which this server knows nothing.
                try await eventually("it has listed and watched nodes", within: .seconds(60)) {
                    let router = try await Self.start("vpcrouter", ["--region", "nowhere-1"], on: cluster, kubernetes)
                    try await Task.sleep(for: .seconds(3))
                    await router.stop()
                    let uses = try kubernetes.audit().uses
                    return grants.allSatisfy { uses[$0.key, default: []].isSuperset(of: $0.value) }
                }
                try await Self.expect(grants, at: kubernetes)
            }
        }

        @Test("romana-uninstall.yml: takes back what the agent said of its node, and asks for nothing else")
        func uninstalling() async throws {
            var layout = ClusterLayout(nodes: 1)
            layout.hasKubernetes = true
            layout.manifest = "\(Manifests.folder)/romana-daemonset.yml"
            try await Cluster.run(layout) { cluster in
                let kubernetes = try #require(cluster.kubernetes)
                let node = cluster.nodes[0]
                func condition() async throws -> Bool {
                    try await kubernetes.get(KubernetesObject(.node, node.name)).contains("RomanaIsReady")
                }
                try await eventually("the node says that it has a network", within: .seconds(30)) {
                    try await condition()
                }
                for object in try Manifests.file("romana-uninstall.yml").objects { try await kubernetes.apply(object) }
                try await kubernetes.writeToken(of: "romana-uninstall")
                await node.stopAgent()
                let site = node.site
                let words = [
                    "uninstall", "--agent-socket", site.socket, "--run-directory", site.runDirectory,
                    "--cni-bin-dir", "\(site.directory)/plugins", "--cni-conf-dir", "\(site.directory)/networks",
                    "--hostname", node.name,
                ]
                let program = Program(
                    cluster.programs.agent, words + kubernetes.options(of: "romana-uninstall"),
                    namespace: site.namespace?.path)
                try await program.text()
                #expect(try await !condition())
                // There is nothing left to do.
                try await program.text()
                try await Self.expect(try Self.grants(in: "romana-uninstall.yml"), at: kubernetes)
            }
        }

        /// A carrier of duties with the arguments of its manifest.
        private static func start(
            _ duty: String, _ more: [String], on cluster: Cluster, _ kubernetes: KubernetesAPIServer
        ) async throws -> ChildProcess {
            let container = try #require(try Manifests.file("romana-\(duty).yaml").containers.first)
            var words = Array(container.command.dropFirst()) + container.arguments + more
            words += ["--etcd-endpoints", cluster.etcdEndpoint] + kubernetes.options(of: "romana-\(duty)")
            let program = Program(cluster.programs.agent, words, namespace: cluster.fabric.namespace.path)
            return try await ChildProcess.start(program, log: cluster.directory.file("\(duty).log"))
        }

        /// Waits until everything that roles allow was used, and expects that nothing else was asked for.
        private static func expect(
            _ grants: [String: Set<String>], at kubernetes: KubernetesAPIServer
        ) async throws {
            try #require(!grants.isEmpty)
            try? await eventually("all that roles allow is used", within: .seconds(30)) {
                let uses = try kubernetes.audit().uses
                return grants.allSatisfy { account, allowed in uses[account, default: []].isSuperset(of: allowed) }
            }
            let audit = try kubernetes.audit()
            #expect(audit.refusals.isEmpty)
            for (account, allowed) in grants {
                let used = audit.uses[account, default: []]
                #expect(used.subtracting(allowed).isEmpty, "\(account) needs more than its role allows")
                #expect(allowed.subtracting(used).isEmpty, "\(account) may more than it needs")
            }
        }
    }
}
