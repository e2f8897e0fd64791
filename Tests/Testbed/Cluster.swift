import Synchronization

/// A whole cluster on one machine: etcd and daemons in the fabric's namespace, an agent in the namespace of each node.
public final class Cluster: Sendable {
    /// What it consists of.
    public let layout: ClusterLayout
    /// Where the programs are.
    public let programs: Programs
    /// The network between the nodes.
    public let fabric: Fabric
    /// Everything that its processes write.
    public let directory: TemporaryDirectory
    /// The nodes, the first is node 1.
    public let nodes: [Node]
    /// The kube-apiserver, where the layout has one.
    public let kubernetes: KubernetesAPIServer?

    let running = Mutex(Running())

    struct Running: Sendable {
        var etcd: ChildProcess?
        var daemons: [Int: ChildProcess] = [:]
    }

    private init(
        layout: ClusterLayout, programs: Programs, fabric: Fabric, directory: TemporaryDirectory, nodes: [Node],
        kubernetes: KubernetesAPIServer?
    ) {
        self.layout = layout
        self.programs = programs
        self.fabric = fabric
        self.directory = directory
        self.nodes = nodes
        self.kubernetes = kubernetes
    }

    /// Builds a cluster, runs `body` with it when all its agents are ready, and takes it away whatever happens.
    ///
    /// With `untilReady` false it does not wait for the agents. When `body` throws, the last words of every process are added to the error.
    public static func run<Value: Sendable>(
        _ layout: ClusterLayout, untilReady: Bool = true, _ body: (Cluster) async throws -> Value
    ) async throws -> Value {
        let cluster = try await build(layout)
        do {
            try await cluster.start(untilReady: untilReady)
            let value = try await body(cluster)
            await cluster.remove()
            return value
        } catch {
            let words = cluster.lastWords
            await cluster.remove()
            throw TestbedError("\(error)\n\(words)")
        }
    }

    /// Makes the network and the folders of a cluster; nothing runs yet.
    public static func build(_ layout: ClusterLayout) async throws(TestbedError) -> Cluster {
        let programs = layout.programs ?? .built
        try programs.check()
        // The network first: where it cannot be made, nothing has been.
        let fabric: Fabric
        if let place = layout.place {
            fabric = place.fabric
        } else {
            fabric = try await Fabric.build(nodes: layout.nodes)
        }
        let directory = try TemporaryDirectory("cluster")
        try TextFile.write(layout.topology, to: directory.file("topology.json"))
        var kubernetes: KubernetesAPIServer?
        if layout.hasKubernetes {
            kubernetes = try await KubernetesAPIServer.prepare(
                on: fabric, families: layout.families, folder: try directory.directory("kubernetes"))
        }
        var nodes: [Node] = []
        for (index, namespace) in fabric.nodes.enumerated() {
            let site = Node.Site(
                number: index + 1, namespace: namespace, prefix: namespace.name,
                directory: try directory.directory("node\(index + 1)"), cni: programs.cni)
            var agent = agent(site, layout, programs)
            agent.arguments +=
                (layout.manifest == nil ? kubernetes?.agentOptions : kubernetes?.options(of: "romana-agent")) ?? []
            if layout.agentsServe {
                agent.arguments += [
                    "--duties", "listener,daemon", "--initial-network", directory.file("topology.json"),
                ]
            }
            nodes.append(Node(site: site, agent: agent))
        }
        return Cluster(
            layout: layout, programs: programs, fabric: fabric, directory: directory, nodes: nodes,
            kubernetes: kubernetes)
    }

    private static func agent(_ site: Node.Site, _ layout: ClusterLayout, _ programs: Programs) -> Program {
        var addresses: [String] = []
        if let place = layout.place {
            addresses = place.addresses[site.number - 1]
        } else {
            if layout.families.hasIPv4 { addresses.append(Fabric.address4(ofNode: site.number)) }
            if layout.families.hasIPv6 { addresses.append(Fabric.address6(ofNode: site.number)) }
        }
        return Program(
            programs.agent,
            [
                "--hostname", site.name,
                "--machine-id", "machine of \(site.name)",
                "--node-ip", addresses.joined(separator: ","),
                "--etcd-endpoints", etcdEndpoint(layout.families),
                "--etcd-prefix", "/romana",
                "--daemon", (0..<layout.daemons).map { daemonURL($0, layout) }.joined(separator: ","),
                "--agent-socket", site.socket,
                "--run-directory", site.runDirectory,
                "--link-name", Fabric.uplink,
                "--metrics", "9607",
                // `romana -A` asks the nodes from the fabric.
                "--metrics-host", layout.families.hasIPv4 ? "0.0.0.0" : "::",
                "--block-cooldown", "\(layout.cooldown)",
                "--debug",
            ] + layout.agentOptions
                + (site.number <= layout.ownOptions.count ? layout.ownOptions[site.number - 1] : []),
            namespace: site.namespace?.path)
    }

    /// Starts the servers and the agents, and waits until every agent is ready unless that is not wanted.
    public func start(untilReady: Bool = true) async throws {
        try await startEtcd()
        if let kubernetes {
            try await kubernetes.start()
            if let manifest = layout.manifest {
                for object in try ManifestFile(manifest).objects { try await kubernetes.apply(object) }
                try await kubernetes.writeToken(of: "romana-agent")
            }
            for node in nodes {
                try await kubernetes.create(KubernetesManifest.node(node.name, labels: layout.nodeLabels))
            }
        }
        for number in 0..<layout.daemons { try await startDaemon(number) }
        for node in nodes { try await node.startAgent() }
        guard untilReady else { return }
        for node in nodes { try await node.waitUntilReady() }
    }

    /// Starts a node's agent anew, with an environment that has it killed at a point, and waits until it is ready.
    public func restartAgent(of node: Node, fault: String? = nil) async throws {
        await node.crashAgent()
        try await node.startAgent(fault: fault)
        try await node.waitUntilReady()
    }

    /// Ends every process and removes namespaces and files.
    public func remove() async {
        let running = running.withLock { $0 }
        for node in nodes { await node.stopAgent() }
        for process in running.daemons.values { await process.stop() }
        await running.etcd?.stop()
        await kubernetes?.remove()
        await Namespace.delete(Namespace.present.filter { $0.hasPrefix("\(fabric.prefix)-") }.map { Namespace($0) })
        directory.remove()
    }

    /// The last lines that every process said.
    public var lastWords: String {
        let running = running.withLock { $0 }
        let servers = [running.etcd].compactMap { $0 } + (kubernetes?.processes ?? [])
        let processes = nodes.compactMap(\.agent) + running.daemons.values + servers
        return processes.map { process in
            "--- \(process.program.executable), \(process.status.map(\.description) ?? "running"):\n\(process.said(lines: 25))"
        }.joined(separator: "\n")
    }
}
