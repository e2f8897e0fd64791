import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Telemetry
import UnixSignals

/// A daemon put together: store, work, API and the services around them.
struct DaemonServer: Sendable {
    let configuration: DaemonConfiguration
    let logger: Logger

    /// Takes its settings and starts logging to standard error.
    init(_ configuration: DaemonConfiguration) {
        self.configuration = configuration
        var logger = Logger(label: "romana-daemon") { LineLogHandler(label: $0) }
        logger.logLevel = configuration.isDebug ? .debug : .info
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT.
    func run() async throws {
        let etcd = EtcdStore(configuration, logger: logger)
        let metrics = Metrics()
        let health = StoreHealth()
        let store = ObservedStore(store: etcd, health: health, metrics: metrics, logger: logger)
        let keys = ClusterKeys(prefix: configuration.etcdPrefix)
        let cluster = Cluster(store: store, keys: keys, metrics: metrics, logger: logger)
        logger.notice(
            "starting",
            metadata: [
                "listen": "\(AdvertisedAddress.joined(configuration.host, configuration.port))",
                "etcd": "\(configuration.etcdEndpoints.joined(separator: ","))", "prefix": "\(keys.prefix)",
            ])
        let services: [any Service] = [
            UntilShutdown("etcd connection") { await etcd.run() },
            UntilShutdown("mirror") { await cluster.run() },
            UntilShutdown("pulse") { await Self.pulse(store, keys) },
            UntilShutdown("initial topology") { [configuration] in
                await cluster.installTopology(configuration.initialTopology)
            },
            UntilShutdown("placement") { await cluster.keepHostsPlaced() },
            UntilShutdown("registration") { [configuration] in await register(store, keys, configuration.advertise) },
        ]
        let application = application(API(cluster: cluster, health: health))
        var lifecycle = ServiceGroupConfiguration(
            services: services + [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        // Whoever stops us waits 30 s before worse; nothing of ours is worth more, for etcd holds all there is.
        lifecycle.maximumGracefulShutdownDuration = .seconds(12)
        lifecycle.maximumCancellationDuration = .seconds(8)
        do {
            try await ServiceGroup(configuration: lifecycle).run()
        } catch let error as IOError {
            let address = AdvertisedAddress.joined(configuration.host, configuration.port)
            let reason = String(cString: strerror(error.errnoCode)).lowercased()
            throw DaemonError(.unavailable, "listen on \(address): \(reason)")
        }
        logger.notice("stopped")
    }

    /// The API as an HTTP/1.1 server: idle connections are cut after a minute, heads are at most 16 KiB.
    private func application(_ api: API) -> Application<RouterResponder<RequestScope>> {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderListSize = 16 * 1024
        decoder.maxHeaderFieldSize = 16 * 1024
        decoder.maxHeaderFieldCount = 100
        return Application(
            router: api.router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(60), httpDecoderConfiguration: decoder)),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: "romana-daemon",
                availableConnectionsDelegate: .maximum(4096, logger: logger)),
            onServerRunning: { [logger] channel in
                logger.notice("serving", metadata: ["address": "\(channel.localAddress.map { "\($0)" } ?? "")"])
            },
            logger: quiet)
    }

    /// Asks etcd for something every few seconds, so that its state is known without requests.
    private static func pulse(_ store: some ClusterStore, _ keys: ClusterKeys) async {
        while !Task.isCancelled {
            _ = try? await store.get(keys.topology)
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Keeps this daemon listed while it runs.
    private func register(_ store: some ClusterStore, _ keys: ClusterKeys, _ address: String?) async {
        guard let address, let value = try? JSONBody.bytes(["address": address]) else { return }
        await store.hold(keys.daemon(address), value, seconds: 15)
    }

    /// What the server and its lifecycle say of themselves matters only when debugging.
    private var quiet: Logger {
        var logger = logger
        if !configuration.isDebug { logger.logLevel = .warning }
        return logger
    }
}
