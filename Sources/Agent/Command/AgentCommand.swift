import Addresses
public import ArgumentParser
import Daemon
import Etcd
import LinuxSystem
import Logging
import ServiceLifecycle

/// `romana-agent`: keeps one node as the cluster wants it and answers CNI.
public struct AgentCommand: AsyncParsableCommand, ServiceCommand {
    /// How the command introduces itself.
    public static let configuration = CommandConfiguration(
        commandName: "romana-agent",
        abstract: "Keeps one node's pod network as the cluster wants it and answers CNI.",
        usage: """
            romana-agent [<options>]
            romana-agent duties [<options>]
            romana-agent uninstall [<options>]
            """,
        discussion: """
            Without a subcommand it runs the node. Subcommands, each with a --help of its own:

              duties      \(DutiesCommand.configuration.abstract)
              uninstall   \(UninstallCommand.configuration.abstract)

            Defaults come from the environment where the documents say so: NODENAME, NODEIP, \
            ROMANA_ETCD_ENDPOINTS, ROMANA_ETCD_SERVICE_HOST, ROMANA_ETCD_SERVICE_PORT_ETCD, ROMANA_SERVICE_HOST, \
            ROMANA_SERVICE_PORT_DAEMON.
            """,
        version: AgentVersion.current)

    @OptionGroup(title: "Node") var node: NodeOptions
    @OptionGroup(title: "Installation") var installation: InstallationOptions
    @OptionGroup(title: "Health") var health: HealthOptions
    @OptionGroup(title: "etcd") var etcd: EtcdOptions
    @OptionGroup(title: "Daemons") var access: DaemonAccessOptions
    @OptionGroup(title: "Kubernetes") var kubernetes: KubernetesOptions
    @OptionGroup(title: "Policy") var policy: PolicyOptions
    @OptionGroup(title: "Duties") var duties: DutyOptions
    @OptionGroup(title: "Duties in AWS") var cloud: CloudOptions
    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var log: LogOptions

    /// Needed by the parser.
    public init() {}

    /// Runs the agent until SIGTERM or SIGINT.
    public func run() async throws {
        // Of all threads, one allocates at a time mostly: a heap for each would only be scattered with what is left.
        ProcessMemory.limitHeaps(to: 2)
        try await serve()
    }

    func service(of settings: AgentSettings, logger: Logger) -> (any Service, Logger.Metadata) {
        let metadata: Logger.Metadata = ["node": "\(settings.node)", "addresses": "\(settings.addresses)"]
        return (AgentProcess(settings: settings, logger: logger), metadata)
    }

    func makeSettings() throws -> AgentSettings {
        let name = try node.identity.name()
        var settings = AgentSettings(
            node: name, addresses: try node.identity.addresses(hasOthers: try kubernetes.configuration() != nil),
            labels: try node.labelTable(),
            etcd: try etcd.etcdConfiguration(), etcdPrefix: etcd.prefix, daemons: access.daemons,
            daemonAccess: try access.daemonAccess(), socketPath: node.place.agentSocket,
            runDirectory: node.place.runDirectory, linkName: node.identity.linkName, mtu: node.mtu,
            routeTable: node.place.routeTableID,
            multihop: try node.multihopBlocks?.isOn("--multihop-blocks") ?? false,
            cooldown: UInt64(node.blockCooldown * 1e9), patience: UInt64(node.addPatience * 1e9),
            metricsPort: health.metrics ?? 9607, metricsHost: health.metricsHost)
        settings.installation = try installation.settings(node.place)
        settings.policy = try policy.settings()
        settings.kubernetes = try kubernetes.configuration()
        settings.hasGivenAddresses = node.identity.hasGivenAddresses
        settings.machine = node.machineID
        settings.serviceDaemons = access.serviceDaemons
        settings.knowsPods = settings.kubernetes != nil
        settings.duties = try duties.settings()
        if settings.duties.isSourceDestCheck, settings.kubernetes == nil {
            throw AgentError("--duties aws: needs the Kubernetes API; say where it is with --kubernetes-api")
        }
        if settings.duties.isDaemon {
            settings.daemon = try DaemonDuty.Source(
                daemon, etcd: settings.etcd, prefix: settings.etcdPrefix, addresses: settings.addresses,
                serviceRange: policy.serviceClusterIPRange, region: cloud.givenRegion, isDebug: log.isDebug)
        }
        if settings.duties.isInCloud {
            settings.cloud = try cloud.settings(
                region: daemon.region, port: settings.duties.isDaemon ? nil : daemon.port)
        }
        return settings
    }
}
