import Addresses
import FoundationEssentials
import LinuxSystem
import Policies
import PolicyCases
import Testbed

/// The cluster of ``PolicyCase`` made real: its objects in a kube-apiserver, its pods on two nodes, and probes between
/// all of them, the nodes and a host outside.
///
/// What is asked of it goes the way that users' objects go: API server, listener, etcd, agents, kernel.
struct PolicyStage {
    let cluster: Cluster
    let kubernetes: KubernetesAPIServer
    let matrix: ProbeMatrix
    /// What the objects say at the moment, with the real addresses.
    var world: CaseWorld
    /// The sandboxes by names such as `x/a`.
    private(set) var pods: [String: Pod] = [:]
    /// What was right when it was last looked at.
    var known: [ProbeExpectation] = []

    /// Runs a test with a cluster of two nodes and the usual nine pods, under no policy.
    ///
    /// - Parameter adjust: what is different about the layout.
    static func run(
        _ adjust: (inout ClusterLayout) -> Void = { _ in }, _ body: (inout PolicyStage) async throws -> Void
    ) async throws {
        var layout = ClusterLayout(nodes: 2)
        layout.hasKubernetes = true
        adjust(&layout)
        try await Cluster.run(layout) { cluster in
            var stage = try await PolicyStage(on: cluster)
            defer { stage.matrix.stop() }
            try await stage.move(to: .usual)
            try await body(&stage)
        }
    }

    private init(on cluster: Cluster) async throws {
        guard let kubernetes = cluster.kubernetes else { throw TestbedError("the stage needs a kube-apiserver") }
        self.cluster = cluster
        self.kubernetes = kubernetes
        matrix = try ProbeMatrix()
        world = .usual
        world.oracle = PolicyOracle()
        for node in cluster.nodes {
            let number = node.site.number
            world.oracle.nodes[node.name] = [Fabric.address4(ofNode: number), Fabric.address6(ofNode: number)]
                .compactMap { IPAddress($0) }
            try await open("node:\(node.name)", node.site.namespace)
        }
        for address in Self.outside { try await matrix.add(address, namespace: cluster.fabric.namespace.path) }
        try await matrix.serve(Self.outside[0], tcp: Self.ports, udp: Self.ports, sctp: Self.ports)
    }

    /// The addresses of a host that is outside of the cluster.
    static let outside = [Fabric.address4, Fabric.address6]
    /// The ports that everybody answers on.
    static let ports: [UInt16] = [80, 81]

    private func open(_ site: String, _ namespace: Namespace?) async throws {
        guard let namespace else { return }
        try await matrix.add(site, namespace: namespace.path)
        try await matrix.serve(site, tcp: Self.ports, udp: Self.ports, sctp: Self.ports)
    }

    /// Has the nodes forget in a second what probes were about: who looks for connections that a change forbids would
    /// go through thousands of former ones each time.
    func forgetsSoon() async throws {
        let names = [
            "udp_timeout", "udp_timeout_stream", "tcp_timeout_syn_sent", "tcp_timeout_close",
            "sctp_timeout_cookie_wait",
        ]
        for node in cluster.nodes {
            let words = names.map { "net.netfilter.nf_conntrack_\($0)=1" }
            try await Program("sysctl", ["-q", "-w"] + words, namespace: node.site.namespace?.path).text()
        }
    }

    // MARK: - Changes

    /// Makes the objects say what another world says; its addresses do not matter.
    mutating func move(to other: CaseWorld) async throws {
        var other = other
        other.oracle.nodes = world.oracle.nodes
        let changes = world.changes(to: other)
        let put = changes.compactMap {
            if case .put(let policy) = $0 { "\(policy.namespace)/\(policy.name)" } else { nil }
        }
        let added = changes.compactMap { if case .add(let policy) = $0 { policy.id } else { nil } }
        try await make(
            changes.filter { change in
                switch change {
                // What is put anew replaces what is there.
                case .remove(let namespace, let name): !put.contains("\(namespace)/\(name)")
                case .withdraw(let id): !added.contains(id)
                default: true
                }
            })
    }

    /// Makes changes, all at once but for pods that start and stop.
    ///
    /// What the API server does not take does not become part of the world.
    mutating func make(_ changes: [PolicyChange]) async throws {
        let stage = self
        let written = try await changes.concurrently(8) { change in
            do {
                try await stage.write(change)
                return true
            } catch let error as TestbedError where error.description.contains("said 422") {
                print("not taken: \(error)")
                return false
            }
        }
        for (change, isWritten) in zip(changes, written) where isWritten {
            world.apply(change)
            switch change {
            case .start(let record): try await start(record)
            case .stop(let namespace, let name): try await stop(namespace, name)
            default: break
            }
        }
    }

    /// Writes what a change says of objects other than pods that come and go.
    private func write(_ change: PolicyChange) async throws {
        switch change {
        case .put(let policy): try await kubernetes.apply(Self.object(policy, ranges: kubernetes.knowsPortRanges))
        case .remove(let namespace, let name):
            try await kubernetes.delete(KubernetesObject(.networkPolicy, name, in: namespace))
        case .add(let policy): try await daemon("POST", "/v1/policies", try Self.json(policy))
        case .withdraw(let id): try await daemon("DELETE", "/v1/policies/\(id)")
        case .labelPod(let namespace, let name, let labels):
            try await kubernetes.label(KubernetesObject(.pod, name, in: namespace), labels)
        case .labelNamespace(let name, let labels):
            let object = KubernetesManifest.namespace(name, labels: labels)
            if world.oracle.namespaces[name] == nil {
                try await kubernetes.create(object)
            } else {
                try await kubernetes.label(object, labels)
            }
        case .start, .stop: break
        }
    }

    /// Starts a pod as a kubelet does, and has it answer.
    private mutating func start(_ record: PodRecord) async throws {
        let number = CaseWorld.nodes.values.sorted().first == record.node ? 0 : 1
        let node = cluster.nodes[number]
        let key = "\(record.namespace)/\(record.name)"
        let ports = record.ports.map {
            KubernetesManifest.Port($0.name, $0.transport.rawValue, Int($0.port))
        }
        let object = KubernetesManifest.pod(
            record.name, in: record.namespace, on: node.name, labels: record.labels, ports: ports)
        var pod = try await node.makePod(tenant: record.namespace)
        pod.name = record.name
        pod.uid = try await kubernetes.create(object)
        pods[key] = pod
        let addresses = try await pod.add()
        try await kubernetes.patch(
            object, KubernetesManifest.status(phase: "Running", addresses: addresses), part: "status")
        // The host outside has no routes of ours.
        try await IPRoute2.batch(
            addresses.map { address in
                let hop =
                    address.contains(":") ? Fabric.address6(ofNode: number + 1) : Fabric.address4(ofNode: number + 1)
                return "route replace \(address) via \(hop)"
            }, in: cluster.fabric.namespace)
        try await open(key, pod.namespace)
        world.place(
            record.namespace, record.name, at: addresses.compactMap { IPAddress($0) }, node: node.name)
    }

    /// Stops a pod and takes it away.
    private mutating func stop(_ namespace: String, _ name: String) async throws {
        guard let pod = pods.removeValue(forKey: "\(namespace)/\(name)") else { return }
        try await pod.delete()
        try await kubernetes.delete(KubernetesObject(.pod, name, in: namespace))
        try await matrix.remove("\(namespace)/\(name)")
        await Namespace.delete([pod.namespace])
    }

    // MARK: - Objects

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    /// A policy for the API; where that keeps no `endPort`, a range becomes those of its ports that are probed.
    private static func object(_ policy: NetworkPolicy, ranges: Bool) throws -> KubernetesObject {
        var policy = policy
        if !ranges {
            for index in (policy.ingress ?? []).indices { policy.ingress?[index].spellOutRanges(Self.ports) }
            for index in (policy.egress ?? []).indices { policy.egress?[index].spellOutRanges(Self.ports) }
        }
        return KubernetesObject(.networkPolicy, policy.name, in: policy.namespace, manifest: try json(policy))
    }

    /// Asks the first daemon.
    private func daemon(_ method: String, _ path: String, _ body: String = "") async throws {
        let words = [
            "-sS", "--fail-with-body", "-X", method, "-H", "Content-Type: application/json", "--data-binary", "@-",
            cluster.daemonURL() + path,
        ]
        try await Program("curl", words, namespace: cluster.fabric.namespace.path).text(input: body)
    }
}

extension NetworkPolicy.Rule {
    /// Writes ranges of ports as single ones, as far as they are among `ports`; their first one where none is.
    fileprivate mutating func spellOutRanges(_ known: [UInt16]) {
        ports = ports.flatMap { port -> [NetworkPolicy.Port] in
            guard case .number(let first)? = port.port, let last = port.endPort else { return [port] }
            let within = known.map { Int($0) }.filter { first <= $0 && $0 <= last }
            return (within.isEmpty ? [first] : within).map { .init(port.transport, .number($0)) }
        }
    }
}
