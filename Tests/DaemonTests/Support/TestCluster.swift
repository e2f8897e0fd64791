import Logging
import Testing

@testable import Daemon

/// A cluster's work on a store in memory, for the time of a test.
func withCluster<Value: Sendable>(
    on store: MemoryStore = MemoryStore(), topology: String? = Documents.flat,
    _ body: @escaping @Sendable (Cluster) async throws -> Value
) async throws -> Value {
    try await withClusters(1, on: store, topology: topology) { clusters in try await body(clusters[0]) }
}

/// Several daemons' work on one store.
func withClusters<Value: Sendable>(
    _ count: Int, on store: MemoryStore, topology: String? = Documents.flat, areListed: Bool = false,
    _ body: @escaping @Sendable ([Cluster]) async throws -> Value
) async throws -> Value {
    let clusters = (0..<count).map { number in
        let name = areListed ? "daemon-\(number)" : nil
        if let name { store.put("/romana/daemons/\(name)", []) }
        return Cluster(
            store: store, keys: ClusterKeys(prefix: "romana"), ownName: name, metrics: Metrics(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        for cluster in clusters { group.addTask { await cluster.run() } }
        for cluster in clusters { #expect(await cluster.mirror.wait(atMost: .seconds(5)) { $0.isComplete }) }
        if let topology { try await clusters[0].replaceTopology(with: Documents.document(topology)) }
        for cluster in clusters where topology != nil {
            #expect(await cluster.mirror.wait(atMost: .seconds(5)) { $0.topology != nil })
        }
        let value = try await body(clusters)
        group.cancelAll()
        return value
    }
}

extension HostRequest {
    /// A request with no more than a name and an address.
    static func plain(_ name: String, _ ip: String, tags: [String: String]? = nil) -> HostRequest {
        HostRequest(name: name, ip: ip, tags: tags)
    }
}
