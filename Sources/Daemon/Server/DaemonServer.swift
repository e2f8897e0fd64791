import Etcd
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
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
        let etcd = EtcdStore(configuration.etcd, logger: logger)
        let metrics = Metrics()
        let health = StoreHealth()
        let store = ObservedStore(store: etcd, health: health, metrics: metrics, logger: logger)
        let keys = ClusterKeys(prefix: configuration.etcdPrefix)
        let cluster = Cluster(
            store: store, keys: keys, serviceRanges: configuration.serviceRanges,
            ownName: configuration.advertise, metrics: metrics, logger: logger)
        logger.notice(
            "starting",
            metadata: [
                "listen": "\(AdvertisedAddress.joined(configuration.host, configuration.port))",
                "etcd": "\(configuration.etcd.endpoints.joined(separator: ","))", "prefix": "\(keys.prefix)",
            ])
        let services: [any Service] = [
            UntilShutdown("etcd connection") { await etcd.run() },
            UntilShutdown("mirror") { await cluster.run() },
            UntilShutdown("pulse") { await Self.pulse(store, keys) },
            UntilShutdown("initial topology") { [configuration] in
                await cluster.installTopology(configuration.topology, configuration.metadata)
            },
            UntilShutdown("placement") { await cluster.keepHostsPlaced() },
            UntilShutdown("registration") { [configuration] in await register(store, keys, configuration.advertise) },
        ]
        let renewal = Renewal(logger: logger)
        let tokens = try configuration.tokenFile.map { path throws(DaemonError) in
            try Renewed.tokens(file: path, renewal)
        }
        let certificate = try configuration.certificate.map { files throws(DaemonError) in try files.context(renewal) }
        let application = application(
            API(cluster: cluster, health: health, gate: Gate(tokens: tokens)), certificate)
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

    /// The API as a server.
    private func application(_ api: API, _ certificate: Renewed<NIOSSLContext>?) -> Application<
        RouterResponder<RequestScope>
    > {
        Application(
            router: api.router(), server: .api(certificate: certificate),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: "romana-daemon",
                availableConnectionsDelegate: .maximum(Descriptors.connections(), logger: logger)),
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
        let scheme = configuration.certificate == nil ? "http" : "https"
        guard let address, let value = try? JSONBody.bytes(["address": address, "scheme": scheme]) else { return }
        await store.hold(keys.daemon(address), value, seconds: 15)
    }

    /// What the server and its lifecycle say of themselves matters only when debugging.
    private var quiet: Logger {
        var logger = logger
        if !configuration.isDebug { logger.logLevel = .warning }
        return logger
    }
}
