import Etcd
import Logging
import Testbed
import Testing

/// The client against real etcd; one test at a time, since every one runs servers of its own.
@Suite(.serialized)
struct AgainstEtcd {}

extension AgainstEtcd {
    static func configuration(_ servers: [EtcdServer]) -> EtcdConfiguration {
        EtcdConfiguration(endpoints: servers.map(\.endpoint), requestTimeout: .seconds(10))
    }

    /// Runs `body` with a running client, and ends it afterwards.
    static func withClient<Result: Sendable>(
        _ configuration: EtcdConfiguration, logger: Logger = quiet,
        _ body: (EtcdClient) async throws -> Result
    ) async throws -> Result {
        let client = EtcdClient(configuration, logger: logger)
        return try await beside({ await client.run() }) { try await body(client) }
    }

    /// Runs `body` with one etcd and a running client.
    static func withEtcd<Result: Sendable>(
        flags: [String] = [], _ body: (EtcdServer, EtcdClient) async throws -> Result
    ) async throws -> Result {
        try await EtcdServer.with(flags: flags) { servers in
            try await withClient(configuration(servers)) { try await body(servers[0], $0) }
        }
    }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
