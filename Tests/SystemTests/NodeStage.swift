import FoundationEssentials
import Testbed

/// A cluster with a kube-apiserver whose nodes are found by what the API says of them, and what is known of each.
struct NodeStage {
    let cluster: Cluster
    let kubernetes: KubernetesAPIServer

    /// A host as etcd has it.
    struct Host: Decodable {
        struct Group: Decodable {
            let path: String
        }

        let addresses: [String]
        let tags: [String: String]
        let kubernetes: [String: String]
        let groups: [String: Group]

        enum CodingKeys: String, CodingKey {
            case addresses, tags, groups
            case kubernetes = "k8s_info"
        }
    }

    /// A node as the API has it.
    private struct Object: Decodable {
        struct Metadata: Decodable {
            let uid: String
        }

        struct Condition: Decodable {
            let type: String
            let status: String
            let reason: String?
        }

        struct Status: Decodable {
            let conditions: [Condition]?
        }

        let metadata: Metadata
        let status: Status
    }

    private struct Events: Decodable {
        struct Event: Decodable {
            struct Object: Decodable {
                let name: String
            }

            let reason: String?
            let note: String?
            let regarding: Object?
        }

        let items: [Event]
    }

    private struct Block: Decodable {
        let host: String
    }

    /// The name of the namespace that the pods are in.
    static let tenant = "life"

    /// Runs a test with nodes that are told neither addresses nor daemons.
    static func run(
        nodes: Int = 2, labels: [String: String] = [:], _ adjust: (inout ClusterLayout) -> Void = { _ in },
        _ body: (NodeStage) async throws -> Void
    ) async throws {
        var layout = ClusterLayout(nodes: nodes, families: .ipv4)
        layout.hasKubernetes = true
        layout.nodeLabels = labels
        layout.agentOptions = ["--node-ip", "", "--daemon", "", "--host-grace", "3"]
        adjust(&layout)
        try await Cluster.run(layout) { cluster in
            guard let kubernetes = cluster.kubernetes else { throw TestbedError("the stage needs a kube-apiserver") }
            let stage = NodeStage(cluster: cluster, kubernetes: kubernetes)
            try await kubernetes.create(KubernetesManifest.namespace(tenant))
            try await body(stage)
        }
    }

    // MARK: - What is there

    /// The host of a name; nil when there is none.
    func host(_ name: String) async throws -> Host? {
        let key = "/romana/hosts/\(name)"
        return try await cluster.keys(below: key)[key].map { try JSONDecoder().decode(Host.self, from: Data($0.utf8)) }
    }

    /// The blocks of a host.
    func blocks(of name: String) async throws -> Set<String> {
        let all = try await cluster.keys(below: "/romana/blocks/ipv4/")
        return Set(
            try all.filter { try JSONDecoder().decode(Block.self, from: Data($0.value.utf8)).host == name }
                .keys.map { String($0.dropFirst("/romana/blocks/ipv4/".count)) })
    }

    /// Whether etcd says that an agent is alive.
    func isAlive(_ name: String) async throws -> Bool {
        try await cluster.keys(below: "/romana/alive/")["/romana/alive/\(name)"] != nil
    }

    /// The id of a node in the API.
    func uid(_ name: String) async throws -> String { try await object(name).metadata.uid }

    /// What a node says of its network; nil when it says nothing.
    func networkUnavailable(_ name: String) async throws -> String? {
        try await object(name).status.conditions?.first { $0.type == "NetworkUnavailable" }
            .map { "\($0.status) \($0.reason ?? "")" }
    }

    private func object(_ name: String) async throws -> Object {
        let text = try await kubernetes.get(KubernetesObject(.node, name))
        return try JSONDecoder().decode(Object.self, from: Data(text.utf8))
    }

    /// What events of a reason say about an object.
    func events(_ reason: String, about name: String) async throws -> [String] {
        let text = try await kubernetes.ask("GET", "/apis/events.k8s.io/v1/events")
        return try JSONDecoder().decode(Events.self, from: Data(text.utf8)).items
            .filter { $0.reason == reason && $0.regarding?.name == name }.map { $0.note ?? "" }
    }

    /// What an agent answers to `GET /readyz`: status and text.
    func readiness(of node: Node) async throws -> String {
        let words = ["-s", "-m", "5", "-w", " %{http_code}", "http://127.0.0.1:9607/readyz"]
        return try await Program("curl", words, namespace: node.site.namespace?.path).run().text
    }

    /// The names of nodes whose agents stand for a duty, the holder first.
    func candidates(_ duty: String = "listener") async throws -> [String] {
        let prefix = "/romana/election/\(duty)/"
        let text = try await cluster.etcdctl([
            "get", "--prefix", "--sort-by=CREATE", "--order=ASCEND", "--keys-only", prefix,
        ]).checked().text
        return text.split(separator: "\n").map { String($0.dropFirst(prefix.count)) }.filter { !$0.isEmpty }
    }

    /// Metrics of an agent by their names, those without labels.
    func metric(_ name: String, of node: Node) async throws -> String? {
        try await Program(
            "curl", ["-s", "-m", "5", "http://127.0.0.1:9607/metrics"], namespace: node.site.namespace?.path
        ).text().split(separator: "\n").first { $0.hasPrefix("\(name) ") }.map {
            String($0.dropFirst(name.utf8.count + 1))
        }
    }

    /// The node whose agent holds a duty.
    func holder(_ duty: String = "listener") async throws -> Node {
        let name = try await candidates(duty).first
        guard let node = cluster.nodes.first(where: { $0.name == name }) else {
            throw TestbedError("nobody holds the duty \(duty): \(name ?? "no candidates")")
        }
        return node
    }

    /// How many hosts those who hold the duty say that they have removed.
    func removedHosts() async throws -> Int {
        var removed = 0
        for node in cluster.nodes {
            removed += Int(try await metric("romana_listener_hosts_removed_total", of: node) ?? "0") ?? 0
        }
        return removed
    }

    /// Waits until there is no host of a name, nor any block of it.
    func hasNoHost(_ name: String) async throws {
        try await eventually("host \(name) is gone", within: .seconds(30)) {
            let host = try await host(name)
            let blocks = try await blocks(of: name)
            return host == nil && blocks.isEmpty
        }
    }

    // MARK: - What is done

    /// Starts a pod as a kubelet does.
    func start(on node: Node) async throws -> (pod: Pod, addresses: [String]) {
        var pod = try await node.makePod(tenant: Self.tenant)
        pod.name = "\(node.name)-\(pod.name)"
        let object = KubernetesManifest.pod(pod.name, in: Self.tenant, on: node.name)
        pod.uid = try await kubernetes.create(object)
        let addresses = try await pod.addPersistently()
        try await kubernetes.patch(
            object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
        return (pod, addresses)
    }

    /// Makes a node in the API anew, with the same labels.
    @discardableResult
    func recreate(_ name: String) async throws -> String {
        try await kubernetes.delete(KubernetesObject(.node, name))
        return try await kubernetes.create(KubernetesManifest.node(name, labels: cluster.layout.nodeLabels))
    }
}
