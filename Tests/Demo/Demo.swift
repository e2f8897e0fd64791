import Testbed

/// The steps of the demo, in order; the first that does not hold ends it.
struct Demo {
    /// What is told.
    var narration = Narration()
    private var attached: [(pod: Pod, addresses: [String])] = []

    mutating func run() async throws {
        let before = try await Remains.here()
        narration.begin("etcd, a daemon and three nodes, each in a network namespace of its own")
        let cluster = try await Cluster.build(ClusterLayout(nodes: 3))
        do {
            try await start(cluster)
            try await addPods(cluster)
            try await pingEveryPair()
            try await showTables(cluster)
            try await crashAgent(cluster)
            try await deletePods(cluster)
        } catch {
            narration.say("\nThe last words of every process:\n\(cluster.lastWords)")
            await cluster.remove()
            throw error
        }
        narration.begin("everything is stopped, and nothing is left")
        await cluster.remove()
        let left = try await Remains.here().beyond(before)
        guard left.isEmpty else { throw TestbedError("left behind: \(left.joined(separator: "; "))") }
        narration.found("left behind: no link, no route, no rule, no namespace, no process, no file")
        narration.summary()
    }

    private mutating func start(_ cluster: Cluster) async throws {
        try await cluster.start()
        for node in cluster.nodes {
            narration.say(
                "    \(node.name)  \(Fabric.address4(ofNode: node.site.number))  "
                    + "\(Fabric.address6(ofNode: node.site.number))  agent process \(node.agent?.pid ?? 0)")
        }
        narration.found("\(cluster.nodes.count) nodes came up, their agents ready to serve an ADD")
    }

    private mutating func addPods(_ cluster: Cluster) async throws {
        narration.begin("two pods on every node, by ADD through romana-cni")
        let clock = ContinuousClock()
        for node in cluster.nodes {
            for pod in try await node.makePods(2) {
                let start = clock.now
                let addresses = try await pod.add()
                let microseconds = (clock.now - start).components.attoseconds / 1_000_000_000_000
                attached.append((pod, addresses))
                narration.say(
                    "    \(pod.node.name)  \(pod.name)  \(addresses.joined(separator: "  "))  "
                        + "\(microseconds / 1000).\(microseconds / 100 % 10) ms")
            }
        }
        let addresses = attached.flatMap(\.addresses)
        guard addresses.count == 2 * attached.count, Set(addresses).count == addresses.count else {
            throw TestbedError("expected two addresses for each pod and none twice: \(addresses)")
        }
        narration.found("\(attached.count) pods got \(addresses.count) addresses of both families, none twice")
    }

    private mutating func pingEveryPair() async throws {
        narration.begin("every pod pings every other, over IPv4 and IPv6")
        var answered = 0
        for (pod, own) in attached {
            let others = attached.flatMap(\.addresses).filter { !own.contains($0) }
            try await pod.ping(others)
            answered += others.count
            narration.say("    \(pod.node.name)/\(pod.name) reaches \(others.count) of \(others.count)")
        }
        narration.found("\(answered) of \(answered) pings answered")
    }

    private mutating func showTables(_ cluster: Cluster) async throws {
        narration.begin("what an operator sees")
        // Agents tell the cluster how full their blocks are in batches, about once a second.
        try await eventually("the cluster has heard of all addresses") {
            let blocks = try await cluster.keys(below: "/romana/blocks/")
            return blocks.values.filter { $0.contains("\"tenant\":\"default\"") }.count == 2 * cluster.nodes.count
        }
        let sockets = cluster.nodes.flatMap { ["--agent-socket", $0.site.socket] }
        let questions: [(words: [String], more: [String])] = [
            (["host", "list"], []), (["network", "list"], []), (["block", "list"], []),
            (["route", "list"], sockets), (["pod", "list"], sockets), (["agent", "status"], sockets),
        ]
        for (words, more) in questions {
            let answer = try await cluster.romana(words + more).checked()
            narration.show("romana \(words.joined(separator: " "))", answer.text)
        }
        narration.found("romana shows hosts, networks, blocks, routes, pods and agents")
    }

    private mutating func crashAgent(_ cluster: Cluster) async throws {
        guard let near = attached.first(where: { $0.pod.node.number == 1 }),
            let far = attached.first(where: { $0.pod.node.number == 2 })
        else { throw TestbedError("no pods to ping between") }
        let node = cluster.nodes[1]
        narration.begin("the agent of \(node.name) is killed with -9 while two pods talk")
        var streams: [PingStream] = []
        for (index, address) in far.addresses.enumerated() {
            streams.append(
                try await near.pod.startPinging(address, log: cluster.directory.file("ping\(index).log")))
        }
        try await Task.sleep(for: .milliseconds(500))
        await node.crashAgent()
        narration.say("    killed; pings go on")
        let refusal = try await far.pod.call("CHECK").run()
        guard refusal.code == 11 else {
            throw TestbedError("romana-cni without an agent answered \(refusal), not code 11")
        }
        narration.say("    romana-cni answers code 11: \(refusal.document?.msg ?? "")")
        try await Task.sleep(for: .seconds(1))
        let clock = ContinuousClock()
        let start = clock.now
        try await node.startAgent()
        try await node.waitUntilReady()
        let milliseconds = (clock.now - start).components.attoseconds / 1_000_000_000_000_000
        try await node.agrees(expecting: attached.filter { $0.pod.node.number == 2 })
        try await Task.sleep(for: .milliseconds(500))
        var answered = 0
        for stream in streams {
            let tally = await stream.finish()
            guard tally.lost.isEmpty, tally.answered > 50 else { throw TestbedError("pings were lost: \(tally)") }
            answered += tally.answered
        }
        narration.found("while the agent was dead and restarted, \(answered) pings were answered and 0 lost")
        narration.found("the new agent was ready after \(milliseconds) ms and knew its two pods")
    }

    private mutating func deletePods(_ cluster: Cluster) async throws {
        narration.begin("all pods go, by DEL through romana-cni")
        for (pod, _) in attached { try await pod.delete() }
        for node in cluster.nodes { try await node.agrees() }
        await Namespace.delete(attached.map(\.pod.namespace))
        narration.found("after DEL no node has a link, route, neighbour, address or journal entry of a pod")
    }
}
