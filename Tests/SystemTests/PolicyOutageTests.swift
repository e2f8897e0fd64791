import Glibc
import Policies
import PolicyCases
import Testbed
import Testing

extension SystemTests {
    @Suite(
        "Policies that change while something fails",
        .enabled(if: KubernetesAPIServer.program != nil, "\(KubernetesAPIServer.absence)"))
    struct PolicyOutageTests {
        /// Pods a of x hear namespace y or z, and nobody else; what they may send changes along.
        private static func policies(hearing peer: String) -> [PolicyChange] {
            let namespace = NetworkPolicy.Peer.pods(namespaces: LabelSelector(matchLabels: ["ns": peer]), pods: nil)
            return [
                .put(
                    NetworkPolicy(
                        namespace: "x", name: "both-ways", podSelector: LabelSelector(matchLabels: ["pod": "a"]),
                        policyTypes: [.ingress, .egress], ingress: [.init(peers: [namespace])],
                        egress: [.init(peers: [namespace])]))
            ]
        }

        /// Changes policy to and fro while `fault` happens, and looks for packets that neither policy allows.
        private static func change(
            _ stage: inout PolicyStage, rounds: Int = 3, _ fault: (PolicyStage) async throws -> Void
        ) async throws {
            try await stage.make(policies(hearing: "y"))
            #expect(try await stage.disagreements().isEmpty)
            for round in 0..<rounds {
                let old = stage.table()
                let before = stage.world
                let changes = policies(hearing: round % 2 == 0 ? "z" : "y")
                for change in changes { stage.world.apply(change) }
                let watch = try await PolicyWatch(on: stage, old: old, new: stage.table())
                stage.world = before

                try await stage.make(changes)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...40)))
                try await fault(stage)
                let wrong = try await stage.disagreements(within: .seconds(30))
                #expect(wrong.isEmpty, "round \(round): \(wrong.count) cells, such as \(wrong.prefix(5))")
                let violations = try await watch.finish()
                #expect(violations.isEmpty, "round \(round): \(violations.count), such as \(violations.prefix(5))")
                if !wrong.isEmpty || !violations.isEmpty { return }
            }
        }

        @Test("Agents are killed")
        func agents() async throws {
            try await PolicyStage.run { stage in
                try await Self.change(&stage, rounds: 4) { stage in
                    for node in stage.cluster.nodes { await node.crashAgent() }
                    try await Task.sleep(for: .milliseconds(300))
                    for node in stage.cluster.nodes { try await node.startAgent() }
                    for node in stage.cluster.nodes { try await node.waitUntilReady() }
                }
            }
        }

        @Test("etcd is stopped")
        func etcd() async throws {
            try await PolicyStage.run { stage in
                try await Self.change(&stage) { stage in
                    await stage.cluster.stopEtcd()
                    try await Task.sleep(for: .seconds(2))
                    try await stage.cluster.startEtcd()
                }
            }
        }

        @Test("The API server is killed, or hangs")
        func apiServer() async throws {
            try await PolicyStage.run { stage in
                try await Self.change(&stage) { stage in
                    await stage.kubernetes.crash()
                    try await Task.sleep(for: .milliseconds(500))
                    try await stage.kubernetes.startServer()
                }
                try await Self.change(&stage) { stage in
                    stage.kubernetes.freeze()
                    try await Task.sleep(for: .seconds(2))
                    stage.kubernetes.thaw()
                }
            }
        }

        @Test("The listener moves: the agent that held the duty is killed, and another takes over in 15 s")
        func listener() async throws {
            try await PolicyStage.run { stage in
                try await Self.change(&stage, rounds: 2) { stage in
                    let holder = try await stage.listener()
                    await holder.crashAgent()
                    let clock = ContinuousClock()
                    let start = clock.now
                    try await eventually("another agent holds the duty", within: .seconds(20)) {
                        try await stage.listener().name != holder.name
                    }
                    #expect(clock.now - start < .seconds(15))
                    try await holder.startAgent()
                    try await holder.waitUntilReady()
                }
            }
        }

        @Test("A listener that was held still while another took over writes nothing any more")
        func stillListener() async throws {
            try await PolicyStage.run { stage in
                try await Self.change(&stage, rounds: 1) { stage in
                    let holder = try await stage.listener()
                    holder.agent?.send(SIGSTOP)
                    try await eventually("another agent holds the duty", within: .seconds(20)) {
                        try await stage.listener().name != holder.name
                    }
                    holder.agent?.send(SIGCONT)
                }
            }
        }

        @Test("Somebody who empties chains opens nothing")
        func emptiedChains() async throws {
            try await PolicyStage.run { stage in
                try await stage.make(Self.policies(hearing: "y"))
                #expect(try await stage.disagreements().isEmpty)
                // What is allowed may be shut for the second until it is mended.
                let forbidden = stage.table().filter { !$0.expectation.isAnswered }
                let watch = try await PolicyWatch(on: stage, old: forbidden, new: forbidden)
                var emptied = 0
                for node in stage.cluster.nodes {
                    let place = node.site.namespace?.path
                    let listing = try await Program("nft", ["list", "chains", "inet"], namespace: place).text()
                    let chains = listing.split(whereSeparator: \.isNewline).compactMap { line -> String? in
                        let words = line.split(whereSeparator: \.isWhitespace)
                        guard words.count > 1, words[0] == "chain" else { return nil }
                        return ["in-", "out-", "forward-"].contains { words[1].hasPrefix($0) } ? String(words[1]) : nil
                    }
                    #expect(chains.count >= 2)
                    emptied += chains.count
                    for chain in chains {
                        try await Program("nft", ["flush", "chain", "inet", "romana", chain], namespace: place).text()
                    }
                }
                #expect(emptied > 2 * stage.cluster.nodes.count, "profiles have chains")
                #expect(try await watch.finish() == [])
                #expect(try await stage.disagreements(within: .seconds(20)).isEmpty)
            }
        }

        @Test("The watch itself sees a door that is open for a tenth of a second")
        func watchSees() async throws {
            try await PolicyStage.run { stage in
                try await stage.make(Self.policies(hearing: "y"))
                #expect(try await stage.disagreements().isEmpty)
                let table = stage.table()
                let watch = try await PolicyWatch(on: stage, old: table, new: table)
                let node = stage.cluster.nodes[0].site.namespace?.path
                let rule = ["inet", "romana", "forward-to-pods", "accept"]
                try await Program("nft", ["insert", "rule"] + rule, namespace: node).text()
                try await Task.sleep(for: .milliseconds(100))
                try await Program("nft", ["flush", "chain"] + rule.prefix(3), namespace: node).text()
                try await stage.cluster.restartAgent(of: stage.cluster.nodes[0])
                let violations = try await watch.finish()
                #expect(violations.contains { $0.contains("packets of the flood") }, "\(violations)")
                #expect(try await stage.disagreements(within: .seconds(20)).isEmpty)
            }
        }
    }
}

extension PolicyStage {
    /// The node whose agent holds the duty of the listener.
    func listener() async throws -> Node {
        // The holder is whose key is the oldest.
        let text = try await cluster.etcdctl([
            "get", "--prefix", "--sort-by=CREATE", "--order=ASCEND", "/romana/election/listener",
        ]).checked().text
        let first = text.split(separator: "\n").prefix(2).joined(separator: " ")
        guard let node = cluster.nodes.first(where: { first.contains($0.name) }) else {
            throw TestbedError("nobody holds the duty of the listener: \(text)")
        }
        return node
    }
}
