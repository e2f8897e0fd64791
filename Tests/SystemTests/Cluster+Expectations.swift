import Testbed

extension Cluster {
    /// Deletes pods, and waits until nothing of them is left on any node.
    func deleteAll(_ attached: [(pod: Pod, addresses: [String])]) async throws {
        _ = try await attached.map(\.pod).concurrently(8) { try await $0.delete() }
        for node in nodes { try await node.agrees() }
    }

    /// Waits until agents, kernel and etcd tell the same: every node alive, every block counted as it is used.
    func isReconciled(with attached: [(pod: Pod, addresses: [String])]) async throws {
        for node in nodes {
            try await node.agrees(expecting: attached.filter { $0.pod.node == node.site })
        }
        try await eventually("every node's lease is held", within: .seconds(30)) {
            try await keys(below: "/romana/alive/").count == nodes.count
        }
        let expected = attached.flatMap(\.addresses).count
        var counted = 0
        do {
            try await eventually("etcd counts \(expected) addresses in use", within: .seconds(30)) {
                counted = 0
                for (key, value) in try await keys(below: "/romana/blocks/") {
                    counted += try JSON.decode(BlockCount.self, from: value, of: key).allocated
                }
                return counted == expected
            }
        } catch {
            throw TestbedError("\(error), but \(counted)")
        }
    }

    private struct BlockCount: Decodable {
        let allocated: Int
    }

    /// The body of the answer to a POST request, sent from the fabric.
    func post(_ url: String, _ body: String) async throws -> String {
        try await Program(
            "busybox",
            ["wget", "-q", "-O", "-", "--header", "Content-Type: application/json", "--post-data", body, url],
            namespace: fabric.namespace.path
        ).text()
    }
}

extension Pod {
    /// ADD as the kubelet does it: one that fails is taken back by DEL and tried again.
    func addPersistently() async throws -> [String] {
        for _ in 0..<60 {
            let answer = try await call("ADD").run()
            if answer.isSuccess { return answer.addresses }
            guard answer.code == 11 else { throw TestbedError("ADD of \(name): \(answer)") }
            try await deletePersistently()
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestbedError("ADD of \(name) failed sixty times")
    }

    /// DEL as the kubelet does it: again until it succeeds.
    func deletePersistently() async throws {
        for _ in 0..<200 {
            let answer = try await call("DEL").run()
            if answer.isSuccess { return }
            guard answer.code == 11 else { throw TestbedError("DEL of \(name): \(answer)") }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestbedError("DEL of \(name) failed two hundred times")
    }
}
