import Hummingbird
import Topology

extension API {
    /// Probes: whether the daemon itself works, and whether it can serve.
    func addHealth(to routes: inout Routes) {
        routes.on(
            .get, "/healthz",
            Operation(
                id: "checkHealth", summary: "Whether the daemon itself works; what it depends on is told besides.",
                answer: .named(.health), isTextToo: true, isOpen: true)
        ) { request, _ in
            // A probe has a second; that etcd is slow is no reason for a new start.
            try await health(patience: .milliseconds(500)).response(to: request)
        }
        routes.on(
            .get, "/readyz",
            Operation(
                id: "checkReadiness", summary: "Whether etcd answers and was read, so that requests can be served.",
                answer: .named(.health), isTextToo: true, isOpen: true)
        ) { request, _ in
            let health = await health(patience: .seconds(2))
            if let failure = health.failure { throw DaemonError(.unavailable, failure.message) }
            return try health.response(to: request)
        }
        routes.get(
            "/v1/alive",
            Operation(
                id: "listAlive", summary: "The hosts whose agents live, by their leases in etcd.",
                answer: .object([.always("alive", .list(.named(.liveHost)))]))
        ) { [cluster] _ in
            let prefix = cluster.keys.alive("")
            let values = try await cluster.store.list(prefix).values
            return ["alive": values.compactMap { LiveHostBody($0, below: prefix) }.sorted { $0.name < $1.name }]
        }
    }

    /// Everything as it is now: etcd is asked, with little patience.
    private func health(patience: Duration) async -> DaemonHealth {
        let key = cluster.keys.topology
        let store = cluster.store
        var checks: [DaemonHealth.Check] = []
        do {
            let late = DaemonError(.unavailable, "get \(key) from etcd: no answer within \(patience)")
            _ = try await within(patience, else: late) { try await store.get(key) }
            checks.append(.init(name: "etcd", outcome: .ok, message: "answers"))
        } catch {
            let details = (error as? DaemonError)?.details ?? "\(error)"
            checks.append(.init(name: "etcd", outcome: .failed, message: details))
        }
        do {
            try cluster.mirror.read { state throws(DaemonError) in try state.requireComplete() }
            checks.append(.init(name: "mirror", outcome: .ok, message: "etcd was read whole"))
        } catch {
            checks.append(.init(name: "mirror", outcome: .failed, message: error.details))
        }
        return DaemonHealth(checks: checks)
    }
}
