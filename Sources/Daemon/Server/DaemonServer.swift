import AWS
import Etcd
import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// A daemon put together: store, work, API and the services around them.
public struct DaemonServer: Sendable {
    let configuration: DaemonConfiguration
    let logger: Logger

    /// Takes its settings; nothing is started yet.
    public init(_ configuration: DaemonConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves in a process that does other work as well, until the task is cancelled.
    ///
    /// Throws when it cannot serve: its port is taken, or a file that it is to use is not as it must be.
    public func run() async throws {
        let group = try serviceGroup(until: [], graceful: .milliseconds(700))
        // A task of its own, since one that is cancelled would end it in the middle of an answer.
        let work = Task { try await serve(group) }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// Serves until one of `signals` comes; ends the process when it does not end by itself then.
    func run(until signals: [UnixSignal]) async throws {
        // Whoever stops us waits 30 s before worse; nothing of ours is worth more, for etcd holds all there is.
        try await serve(serviceGroup(until: signals, graceful: .seconds(12), cancellation: .seconds(8)))
    }

    private func serve(_ group: ServiceGroup) async throws {
        do {
            try await group.run()
        } catch let error as IOError {
            let address = AdvertisedAddress.joined(configuration.host, configuration.port)
            let reason = String(cString: strerror(error.errnoCode)).lowercased()
            throw DaemonError(.unavailable, "listen on \(address): \(reason)")
        }
        logger.notice("stopped")
    }

    /// Everything that a daemon does, as services that are started and ended together.
    private func serviceGroup(
        until signals: [UnixSignal], graceful: Duration, cancellation: Duration? = nil
    ) throws -> ServiceGroup {
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
                await cluster.installTopology(configuration.topology, InstanceMetadata(configuration.metadata))
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
            services: services + [application], gracefulShutdownSignals: signals, logger: quiet)
        lifecycle.maximumGracefulShutdownDuration = graceful
        lifecycle.maximumCancellationDuration = cancellation
        return ServiceGroup(configuration: lifecycle)
    }

    /// The API as a server.
    private func application(_ api: API, _ certificate: Renewed<NIOSSLContext>?) -> Application<
        RouterResponder<RequestScope>
    > {
        Application(
            router: api.router(), server: .api(certificate: certificate),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: "romana-daemon",
                // All agents of a cluster may come at once; the system has its own limit (net.core.somaxconn).
                backlog: 4096,
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
