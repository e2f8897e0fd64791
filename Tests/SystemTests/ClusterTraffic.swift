import KubeletDriver
import Testbed

/// What pods of a Kubernetes cluster send each other: probes at once, and pings and streams that go on while something
/// happens.
struct ClusterTraffic {
    let cluster: KubernetesCluster
    let matrix: ProbeMatrix
    /// Addresses of the pods by their names.
    private(set) var addresses: [String: [String]] = [:]
    private var namespaces: [String: String] = [:]

    /// A port that every pod answers on.
    static let port: UInt16 = 80

    init(in cluster: KubernetesCluster) throws {
        self.cluster = cluster
        matrix = try ProbeMatrix()
    }

    /// Has pods of the namespace default take part, which have to be ready.
    mutating func join(_ names: [String]) async throws {
        for name in names {
            let (node, addresses) = try await cluster.untilReady(name)
            let driver = try cluster.driver(of: node)
            guard let sandbox = driver.sandbox(of: name, in: "default") else {
                throw TestbedError("\(name) has no sandbox on \(node)")
            }
            let namespace = driver.machine.path(sandbox.path)
            self.addresses[name] = addresses
            namespaces[name] = namespace
            try await matrix.add(name, namespace: namespace)
            try await matrix.serve(name, tcp: [Self.port], udp: [Self.port])
        }
    }

    /// Has pods take part no longer.
    mutating func leave(_ names: [String]) {
        for name in names {
            addresses[name] = nil
            namespaces[name] = nil
        }
    }

    /// The pods that take part.
    var names: [String] { addresses.keys.sorted() }

    /// Whether one pod gets answers from another: by each address that the other has.
    func reaches(_ from: String, _ to: String) async throws -> [ProbeOutcome] {
        let probes = (addresses[to] ?? []).map { Probe(from: from, to: $0, .tcp, Self.port) }
        return try await matrix.run(probes, patience: .milliseconds(500))
    }

    /// Waits until every pod gets answers from every other, but for these pairs, which get none.
    func settles(without forbidden: [(from: String, to: String)] = [], within limit: Duration = .seconds(20))
        async throws
    {
        var wrong: [String] = []
        do {
            try await eventually("every pod reaches what it may", within: limit, every: .milliseconds(200)) {
                wrong = try await differences(forbidden)
                return wrong.isEmpty
            }
        } catch {
            throw TestbedError("\(error): \(wrong)")
        }
    }

    private func differences(_ forbidden: [(from: String, to: String)]) async throws -> [String] {
        var probes: [Probe] = []
        var expected: [Bool] = []
        for from in names {
            for to in names where to != from {
                for address in addresses[to] ?? [] {
                    probes.append(Probe(from: from, to: address, .tcp, Self.port))
                    expected.append(!forbidden.contains { $0.from == from && $0.to == to })
                }
            }
        }
        let outcomes = try await matrix.run(probes, patience: .milliseconds(500))
        return zip(zip(probes, outcomes), expected).filter { $0.0.1.isAnswered != $0.1 }.map { "\($0.0.0): \($0.0.1)" }
    }

    /// Runs `body` while pings and streams go on between pairs of pods, and throws when a packet is lost.
    ///
    /// - Returns: how many pings were answered and how many words came back through streams.
    @discardableResult
    func losesNothing(
        between pairs: [(from: String, to: String)], while body: () async throws -> Void
    ) async throws -> (pings: Int, words: Int) {
        var pings: [PingStream] = []
        for (from, to) in pairs {
            for address in addresses[to] ?? [] {
                let log = cluster.directory.file("ping-\(pings.count)-\(UInt32.random(in: 0...UInt32.max)).log")
                pings.append(try await PingStream.start(to: address, from: namespaces[from] ?? "", log: log))
            }
        }
        let probes = pairs.flatMap { pair in
            (addresses[pair.to] ?? []).map { Probe(from: pair.from, to: $0, .tcp, Self.port) }
        }
        let flows = try await matrix.open(probes).compactMap { $0 }
        guard flows.count == probes.count else {
            throw TestbedError("\(flows.count) of \(probes.count) streams opened")
        }
        let sentAgain = try await retransmissions()
        let streams = Task { [matrix] in
            var words = 0
            while !Task.isCancelled {
                let echoes = try await matrix.exchange(flows, patience: .seconds(2))
                for (flow, echo) in zip(flows, echoes) where echo != .echoed { throw TestbedError("\(flow): \(echo)") }
                words += echoes.count
                try? await Task.sleep(for: .milliseconds(5))
            }
            return words
        }
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        streams.cancel()
        var answered = 0
        var lost: [String] = []
        for (index, stream) in pings.enumerated() {
            let tally = await stream.finish()
            answered += tally.answered
            if !tally.lost.isEmpty || tally.answered < 10 { lost.append("pings \(index): \(tally)") }
        }
        if let failure { throw failure }
        let words = try await streams.value
        let again = try await retransmissions()
        for (name, count) in again where count != sentAgain[name] {
            lost.append("\(name) sent \(count - (sentAgain[name] ?? 0)) segments again")
        }
        try await matrix.close(flows)
        guard lost.isEmpty, words > 0 else { throw TestbedError("packets were lost, \(words) words: \(lost)") }
        return (answered, words)
    }

    /// How many segments the kernel of each pod has sent more than once.
    private func retransmissions() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (name, namespace) in namespaces {
            let text = try await Program("cat", ["/proc/net/snmp"], namespace: namespace).text()
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map { $0.split(separator: " ") }
            guard lines.count == 2, let column = lines[0].firstIndex(of: "RetransSegs"),
                let count = Int(lines[1][column])
            else { throw TestbedError("/proc/net/snmp of \(name) has no RetransSegs: \(text)") }
            counts[name] = count
        }
        return counts
    }
}
