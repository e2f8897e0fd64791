import Testbed
import Testing

/// Two nodes without policies, pods on them, a host outside of the cluster, and probes between all of these.
///
/// Everybody answers on `ports` with its name.
struct TrafficStage {
    let cluster: Cluster
    let matrix: ProbeMatrix
    let outside: OutsideHost
    /// Who is attached, by name.
    private(set) var pods: [String: (pod: Pod, addresses: [String])] = [:]

    /// The ports that everybody answers on.
    static let ports: [UInt16] = [80, 81]
    /// The addresses of the first node.
    static let node1 = [Fabric.address4(ofNode: 1), Fabric.address6(ofNode: 1)]
    /// The addresses of the second node.
    static let node2 = [Fabric.address4(ofNode: 2), Fabric.address6(ofNode: 2)]

    /// Runs a test with a cluster; `options` are what agents are told besides.
    static func run(
        _ options: [String] = [], _ body: (inout TrafficStage) async throws -> Void
    ) async throws {
        var layout = ClusterLayout(nodes: 2)
        layout.agentOptions += options
        try await Cluster.run(layout) { cluster in
            let outside = try await OutsideHost(of: cluster.fabric)
            var stage = TrafficStage(cluster: cluster, matrix: try ProbeMatrix(), outside: outside)
            defer { stage.matrix.stop() }
            for (name, namespace) in [
                ("node1", cluster.fabric.nodes[0]), ("node2", cluster.fabric.nodes[1]), ("outside", outside.namespace),
            ] { try await stage.serve(name, in: namespace) }
            try await eventually("nodes reach what is outside") {
                try await stage.matrix.run(OutsideHost.addresses.map { Probe(from: "node1", to: $0, .icmp) })
                    .allSatisfy(\.isAnswered)
            }
            try await body(&stage)
        }
    }

    private init(cluster: Cluster, matrix: ProbeMatrix, outside: OutsideHost) {
        self.cluster = cluster
        self.matrix = matrix
        self.outside = outside
    }

    /// Attaches a pod to a node (1 or 2), with what a runtime supplies for its capabilities, and has it answer.
    @discardableResult
    mutating func attach(_ name: String, on node: Int, _ runtimeConfig: String? = nil) async throws -> [String] {
        let pod = try await makePod(name, on: node)
        let addresses = try await pod.call("ADD", runtimeConfig).run().checked().addresses
        return try await admit(name, pod, addresses)
    }

    /// A sandbox on a node (1 or 2) for a pod of this name.
    func makePod(_ name: String, on node: Int) async throws -> Pod {
        var pod = try await cluster.nodes[node - 1].makePod()
        pod.name = name
        return pod
    }

    /// Takes in a pod that has been attached.
    @discardableResult
    mutating func admit(_ name: String, _ pod: Pod, _ addresses: [String]) async throws -> [String] {
        pods[name] = (pod, addresses)
        try await serve(name, in: pod.namespace)
        return addresses
    }

    /// Detaches a pod.
    mutating func detach(_ name: String) async throws {
        guard let gone = pods.removeValue(forKey: name) else { return }
        try await gone.pod.delete()
        try await matrix.remove(name)
    }

    /// The sandbox of a pod that is attached.
    func pod(_ name: String) throws -> Pod {
        guard let entry = pods[name] else { throw TestbedError("no pod \(name) is attached") }
        return entry.pod
    }

    /// The addresses of a pod.
    func addresses(_ name: String) -> [String] { pods[name]?.addresses ?? [] }

    private func serve(_ name: String, in namespace: Namespace) async throws {
        try await matrix.add(name, namespace: namespace.path)
        try await matrix.serve(name, tcp: Self.ports, udp: Self.ports, sctp: Self.ports)
    }

    /// Expects every probe to be answered by `site`, or none at all to be.
    func expect(
        _ probes: [Probe], answeredBy site: String?, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let wrong = try await matrix.disagreements(
            probes.map { ProbeExpectation($0, isAnswered: site != nil, by: site) }, patience: .milliseconds(500))
        #expect(wrong.isEmpty, "\(wrong)", sourceLocation: sourceLocation)
    }

    /// What `nft ARGUMENTS` prints in the namespace of a node (1 or 2).
    func nft(_ arguments: String, on node: Int = 1) async throws -> String {
        try await Program(
            "nft", arguments.split(separator: " ").map(String.init), namespace: cluster.fabric.nodes[node - 1].path
        ).text()
    }

    /// How many packets the rules of a chain with this comment have counted on a node.
    func count(_ comment: String, in chain: String, on node: Int = 1) async throws -> Int {
        let rules = try await nft("list chain inet romana \(chain)", on: node).split(separator: "\n")
            .filter { $0.contains("comment \"\(comment)\"") }
        guard !rules.isEmpty else { throw TestbedError("chain \(chain) of node\(node) has no rule '\(comment)'") }
        return rules.reduce(0) { sum, rule in
            let words = rule.split(separator: " ")
            guard let place = words.firstIndex(of: "packets"), words.indices.contains(place + 1) else { return sum }
            return sum + (Int(words[place + 1]) ?? 0)
        }
    }
}

extension Pod {
    /// A call with what a runtime supplies for the capabilities of the configuration.
    func call(_ command: String, _ runtimeConfig: String?, afterResult result: String? = nil) -> CNICall {
        let config = result.map { self.config(afterResult: $0) } ?? self.config
        guard let runtimeConfig else { return call(command).with(input: config) }
        return call(command).with(input: config.dropLast() + #", "runtimeConfig": \#(runtimeConfig)}"#)
    }
}
