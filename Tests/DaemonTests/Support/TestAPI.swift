import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore

@testable import Daemon

/// The API over a cluster on a store in memory.
func withAPI<Value: Sendable>(
    on store: MemoryStore = MemoryStore(), topology: String? = Documents.flat, over setup: TestingSetup = .router,
    deadline: Duration = .seconds(10), patience: Patience = Patience(), gate: Gate = Gate(), crowd: Int = 2048,
    _ body: @escaping @Sendable (any TestClientProtocol, Cluster) async throws -> Value
) async throws -> Value {
    try await withCluster(on: store, topology: topology) { cluster in
        let health = StoreHealth()
        _ = health.note(.answering)
        let api = API(
            cluster: cluster, health: health, deadline: deadline, gate: gate, crowd: Crowd(limit: crowd))
        let application = Application(
            router: api.router(), server: .api(patience: patience),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await application.test(setup) { client in try await body(client, cluster) }
    }
}

extension TestClientProtocol {
    /// Sends a request and returns the status and the body as text.
    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> (status: Int, body: String, headers: HTTPFields) {
        try await execute(uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }) {
            (Int($0.status.code), String(buffer: $0.body), $0.headers)
        }
    }
}
