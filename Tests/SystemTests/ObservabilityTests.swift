import LinuxSystem
import Testbed
import Testing

extension SystemTests {
    /// What running components tell of themselves, and how a pod is followed through them.
    @Suite("Observability")
    struct ObservabilityTests {
        @Test(
            "specs/observability.md lists the metrics that are served, with their types and labels, and no others",
            .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
        func metrics() async throws {
            let reference = MetricReference(page: try #require(MetricReference.file("observability.md")))
            var layout = ClusterLayout()
            layout.hasKubernetes = true
            let folder = try TemporaryDirectory("metrics")
            defer { folder.remove() }
            layout.agentOptions = [
                "--install-cni", "--cni-bin-dir", try folder.directory("bin"), "--cni-conf-dir",
                try folder.directory("net.d"),
                // There is no cloud here, which is told by the same metrics.
                "--duties", "listener,aws,vpcrouter", "--region", "nowhere-1",
            ]
            try await Cluster.run(layout) { cluster in
                try await eventually("the agent is elected") {
                    let page = try await cluster.page("/metrics", of: cluster.nodes[0])
                    return MetricPage(page).samples["romana_listener_in_sync"] == 1
                        && page.contains("romana_installation_in_place") && page.contains("romana_aws_nodes")
                        && page.contains("romana_vpcrouter_in_sync")
                }
                let agent = MetricPage(try await cluster.page("/metrics", of: cluster.nodes[0]))
                let daemon = MetricPage(try await cluster.page("\(cluster.daemonURL())/metrics"))
                #expect(agent.faults == [] && daemon.faults == [])
                let types = agent.types.merging(daemon.types) { $1 }
                let labels = agent.labels.merging(daemon.labels) { $0.union($1) }
                #expect(Set(types.keys).symmetricDifference(reference.metrics.map(\.name)) == [])
                for metric in reference.metrics {
                    #expect(types[metric.name] == metric.type, "\(metric.name)")
                    if let seen = labels[metric.name] { #expect(seen == metric.labels, "\(metric.name)") }
                }
            }
        }

        @Test("A pod can be followed from its CNI call through the agent's lines to the daemon's")
        func requests() async throws {
            var layout = ClusterLayout()
            layout.agentOptions = ["--log-format", "json"]
            layout.daemonOptions = ["--log-format", "json"]
            try await Cluster.run(layout) { cluster in
                let node = cluster.nodes[0]
                let pod = try await node.makePod()
                // The first pod of a tenant takes the spare blocks, and new ones are asked for in its name.
                try await pod.add()
                func lines(_ log: String, _ words: String) throws -> [String] {
                    try #require(TextFile.read(log)).split(separator: "\n").map(String.init).filter {
                        $0.contains(words)
                    }
                }
                // It is written when the runtime has its answer.
                try await eventually("the agent tells of the ADD") {
                    try !lines(node.site.log, #""msg":"ADD done""#).isEmpty
                }
                let line = try #require(try lines(node.site.log, #""msg":"ADD done""#).first)
                #expect(line.hasPrefix("{") && line.hasSuffix("}") && line.contains(pod.containerID))
                let id = try #require(line.split(separator: #""request":""#).last?.prefix { $0 != "\"" })
                #expect(id.hasPrefix(pod.containerID.prefix(12)))
                try await eventually("the daemon grants a block in the pod's name") {
                    try lines(cluster.directory.file("daemon0.log"), #""msg":"granted blocks""#).contains {
                        $0.contains(#""request":"\#(id)""#)
                    }
                }
                try await eventually("the agent has it") {
                    try lines(node.site.log, "granted [").contains { $0.contains(id) }
                }
                let answer = try await Program(
                    "curl",
                    ["--silent", "--include", "--header", "X-Request-Id: seen-1", "\(cluster.daemonURL())/hosts"],
                    namespace: cluster.fabric.namespace.path
                ).text().lowercased()
                #expect(answer.contains("x-request-id: seen-1"))
                try await pod.delete()
                try await eventually("the agent tells of the DEL") {
                    try lines(node.site.log, #""msg":"DEL done""#).contains { $0.contains(pod.containerID) }
                }
            }
        }

        @Test("Health says what is so: etcd and daemon gone, back, and an agent whose socket was taken away")
        func health() async throws {
            try await Cluster.run(ClusterLayout()) { cluster in
                let node = cluster.nodes[0]
                #expect(try await cluster.page("/readyz", of: node).hasPrefix("ok\n"))
                #expect(try await cluster.page("/readyz?format=json", of: node).contains(#""status":"ok""#))
                #expect(try await cluster.page("\(cluster.daemonURL())/readyz").contains(#""status":"ok""#))
                await cluster.stopEtcd()
                try await eventually("the agent misses etcd, and is ready all the same", within: .seconds(30)) {
                    let page = try await cluster.page("/readyz", of: node)
                    return page.hasPrefix("ok\n") && page.contains("warning etcd: out of reach since")
                }
                try await eventually("the daemon misses etcd: it lives, and cannot serve", within: .seconds(30)) {
                    let live = try await cluster.page("\(cluster.daemonURL())/healthz?format=text")
                    let ready = try await cluster.page("\(cluster.daemonURL())/readyz")
                    return live.contains("failed etcd:") && live.hasPrefix("ok\n")
                        && ready.contains(#""status_code":503"#)
                }
                try await cluster.startEtcd()
                try await eventually("both have it again", within: .seconds(30)) {
                    let agent = try await cluster.page("/readyz", of: node)
                    let daemon = try await cluster.page("\(cluster.daemonURL())/readyz")
                    return agent.contains("ok etcd: answers") && daemon.contains(#""status":"ok""#)
                }
                #expect(try await cluster.page("/healthz", of: node).hasPrefix("ok\n"))
                try FileSystem.unlink(node.site.socket)
                let page = try await cluster.page("/healthz", of: node)
                #expect(page.hasPrefix("not ready: socket: \(node.site.socket) is gone"), "\(page)")
            }
        }

        @Test("The doctor finds a node well, and then each thing that is broken in it")
        func doctor() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                let node = cluster.nodes[0]
                let folder = try TemporaryDirectory("doctor")
                defer { folder.remove() }
                let (plugins, networks) = (try folder.directory("bin"), try folder.directory("net.d"))
                let conflist = """
                    {"cniVersion":"1.0.0","name":"n","plugins":[{"type":"romana-cni","agentSocket":"\(node.site.socket)"}]}
                    """
                try TextFile.write(conflist, to: "\(networks)/10-romana.conflist")
                try TextFile.write("", to: "\(plugins)/romana-cni", mode: 0o755)
                let pod = try await node.makePod()
                _ = try await pod.add()
                func look() async throws -> CommandResult {
                    try await Program(
                        cluster.programs.romana,
                        [
                            "doctor", "--agent-socket", node.site.socket, "--cni-bin-dir", plugins, "--cni-conf-dir",
                            networks, "-r", cluster.daemonURL(),
                        ], namespace: node.site.namespace?.path
                    ).run()
                }
                let well = try await look()
                #expect(well.status == .exited(0), "\(well.text)\(well.errorText)")
                for words in ["veth", "rule of ipv4", "table 10", "alarms", "clock", "net.ipv4.ip_forward"] {
                    #expect(well.text.contains(words), "\(words) in \(well.text)")
                }
                // Each by itself is found within a moment; the agent mends routes and rules only when it looks again.
                try TextFile.write(#"{"name":"o","type":"bridge"}"#, to: "\(networks)/05-other.conf")
                let sysctl = Program(
                    "sh", ["-c", "echo 0 > /proc/sys/net/ipv4/ip_forward"], namespace: node.site.namespace?.path)
                try await sysctl.text()
                try await IPRoute2.batch(
                    ["rule delete priority 32700", "route flush table 10"], in: node.site.namespace)
                await cluster.stopDaemon()
                let sick = try await look()
                #expect(sick.status == .exited(1), "\(sick.text)\(sick.errorText)")
                let failed = sick.text.split(separator: "\n").filter { $0.contains(" failed ") }
                for words in ["net.ipv4.ip_forward", "rule of ipv4", "table 10", "05-other.conf", cluster.daemonURL()] {
                    #expect(failed.contains { $0.contains(words) }, "\(words) in \(sick.text)")
                }
                #expect(sick.text.contains("What to do:"))
            }
        }

        @Test("A policy's drops are counted where the pod is shown, and in the metrics")
        func drops() async throws {
            try await Cluster.run(ClusterLayout(nodes: 2)) { cluster in
                let (near, far) = (try await cluster.nodes[0].makePod(), try await cluster.nodes[1].makePod())
                _ = try await near.add()
                let addresses = try await far.add()
                let policy = cluster.directory.file("policy.json")
                try TextFile.write(
                    #"{"id":"nobody","direction":"ingress","applied_to":[{"tenant_id":"default"}],"ingress":[{"peers":[{"tenant_id":"other"}],"rules":[{"protocol":"tcp","ports":[80]}]}]}"#,
                    to: policy)
                let added = try await cluster.romana(["policy", "add", policy])
                #expect(added.status.isSuccess, "\(added.text)\(added.errorText)")
                try await eventually("the policy holds") {
                    try await cluster.romana(["pod", "show", "-A", addresses[0], "-f", "json"]).text.contains(
                        #""policies": "nobody""#)
                }
                for _ in 0..<3 {
                    _ = try await Program(
                        "ping", ["-c", "1", "-W", "1", addresses[0]], namespace: near.namespace.path
                    ).run()
                }
                let shown = try await cluster.romana(["pod", "show", "-A", addresses[0]])
                #expect(shown.status.isSuccess && shown.text.contains("nobody"), "\(shown.text)\(shown.errorText)")
                let drops = shown.text.split(separator: "\n").first { $0.hasPrefix("Ingress drops") }
                let count = try #require(drops?.split(separator: " ").last.flatMap { Int($0) }, "\(shown.text)")
                #expect(count >= 3)
                let page = MetricPage(try await cluster.page("/metrics", of: cluster.nodes[1]))
                let counted = page.samples.filter {
                    $0.key.contains("dropped_packets_total") && $0.key.contains("nobody")
                }
                #expect(counted.values.reduce(0, +) >= Double(count))
            }
        }
    }
}

extension Cluster {
    /// What a node's agent answers to a path.
    fileprivate func page(_ path: String, of node: Node) async throws -> String {
        try await page("http://\(Fabric.address4(ofNode: node.site.number)):9607\(path)")
    }

    /// What is answered to a URL, whatever the status.
    fileprivate func page(_ url: String) async throws -> String {
        try await Program("curl", ["--silent", "--max-time", "5", url], namespace: fabric.namespace.path).text()
    }
}
