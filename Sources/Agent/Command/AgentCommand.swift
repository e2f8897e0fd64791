import Addresses
public import ArgumentParser
import Etcd
import LinuxSystem
import Logging
import ServiceLifecycle
import Telemetry
import UnixSignals

/// `romana-agent`: keeps one node as the cluster wants it and answers CNI.
public struct AgentCommand: AsyncParsableCommand {
    /// How the command introduces itself.
    public static let configuration = CommandConfiguration(
        commandName: "romana-agent",
        abstract: "Keeps one node's pod network as the cluster wants it and answers CNI.",
        discussion: """
            Defaults come from the environment where the documents say so: NODENAME, NODEIP, \
            ROMANA_ETCD_SERVICE_HOST, ROMANA_ETCD_SERVICE_PORT_ETCD, ROMANA_SERVICE_HOST, \
            ROMANA_SERVICE_PORT_DAEMON.
            """,
        version: AgentVersion.current)

    @OptionGroup(title: "Node") var node: NodeOptions
    @OptionGroup(title: "Cluster") var cluster: ClusterOptions
    @OptionGroup(title: "Kubernetes") var kubernetes: KubernetesOptions
    @OptionGroup(title: "Duties") var duties: DutyOptions
    @OptionGroup(title: "Policy") var policy: PolicyOptions

    @Option(name: .long, defaultAsFlag: true, help: "Log more.")
    var debug: Bool?

    /// Needed by the parser.
    public init() {}

    /// Runs the agent until SIGTERM or SIGINT.
    public func run() async throws {
        let isVerbose = debug ?? false
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label)
            handler.logLevel = isVerbose ? .debug : .info
            return handler
        }
        let logger = Logger(label: "romana-agent")
        let settings: AgentSettings
        do {
            settings = try await makeSettings()
        } catch {
            throw ValidationError("\(error)")
        }
        logger.info(
            "starting",
            metadata: [
                "node": "\(settings.node)", "addresses": "\(settings.addresses)", "version": "\(AgentVersion.current)",
            ])
        let group = ServiceGroup(
            services: [AgentProcess(settings: settings, logger: logger)], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        try await group.run()
    }

    private func makeSettings() async throws -> AgentSettings {
        let name = node.hostname
        guard !name.isEmpty else { throw AgentError("--hostname: the node has no name; set it or NODENAME") }
        var settings = AgentSettings(
            node: name, addresses: try node.addresses(), labels: try node.labelTable(),
            etcd: try cluster.etcdConfiguration(), etcdPrefix: cluster.prefix, daemons: cluster.daemons,
            daemonAccess: try cluster.daemonAccess(), socketPath: node.agentSocket, runDirectory: node.runDirectory,
            linkName: node.linkName,
            mtu: node.mtu, routeTable: node.routeTableID, multihop: node.multihopBlocks ?? false,
            cooldown: UInt64(node.blockCooldown * 1e9), patience: UInt64(node.addPatience * 1e9),
            metricsPort: node.metrics, metricsHost: node.metricsHost)
        settings.policy = try policy.settings()
        settings.kubernetes = try kubernetes.configuration()
        settings.knowsPods = settings.kubernetes != nil
        settings.duties = try duties.settings()
        return settings
    }
}
