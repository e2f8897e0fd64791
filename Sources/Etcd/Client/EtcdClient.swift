public import Logging

/// A client of etcd: one connection to one of its members, replaced by one to another when it fails.
///
/// Every call waits for a connection, so ``run()`` must be running. A call ends within
/// ``EtcdConfiguration/requestTimeout`` and throws `cancelled` if its task is cancelled. Reads are repeated until
/// then when a connection fails under them; writes only if etcd cannot have seen them.
public final class EtcdClient: Sendable {
    let configuration: EtcdConfiguration
    let keeper: ConnectionKeeper
    let watches: WatchHub
    let logger: Logger

    /// Makes a client; it does nothing before ``run()``.
    public init(_ configuration: EtcdConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        keeper = ConnectionKeeper(configuration, logger: logger)
        watches = WatchHub(
            keeper: keeper, timeout: configuration.requestTimeout, usesTokens: configuration.username != nil,
            logger: logger)
    }

    /// Keeps the connection and serves the watches until the task is cancelled; to be called once.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keeper.run() }
            group.addTask { await self.watches.run() }
        }
    }

    /// The member that is connected now.
    public var connectedEndpoint: String? { keeper.current?.endpoint.description }

    /// Whether a member is connected now.
    public var isConnected: Bool { keeper.current != nil }
}
