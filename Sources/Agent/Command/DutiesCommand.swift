import Addresses
public import ArgumentParser
import Daemon
import Etcd
import KubernetesAPI
import Logging
import ServiceLifecycle

/// `romana-agent duties`: carries duties for the whole cluster, without a node of its own.
public struct DutiesCommand: AsyncParsableCommand, ServiceCommand {
    /// How the command introduces itself.
    public static let configuration = CommandConfiguration(
        commandName: "romana-agent duties",
        abstract: "Carries duties of the whole cluster, and no node.",
        discussion: """
            It stands for election beside all agents that are told the same duty. One that is to carry a duty alone \
            wants the agents told to leave it: `romana-agent --duties none`. It needs no privileges, save \
            NET_RAW for the pings of vpcrouter.
            """,
        version: AgentVersion.current)

    @OptionGroup(title: "Candidate") var identity: IdentityOptions
    @OptionGroup(title: "Duties") var duties: DutyOptions
    @OptionGroup(title: "Health") var health: HealthOptions
    @OptionGroup(title: "etcd") var etcd: EtcdOptions
    @OptionGroup(title: "Kubernetes") var kubernetes: KubernetesOptions
    @OptionGroup(title: "Duties in AWS") var cloud: CloudOptions
    @OptionGroup var daemon: DaemonOptions
    @Option(
        name: [.long, .customLong("cluster-ip-cidr")],
        help: "Addresses of Services, by comma, which no network of the daemon duty may overlap.")
    var serviceClusterIPRange: String = ""
    @OptionGroup var log: LogOptions

    /// Needed by the parser.
    public init() {}

    /// Carries the duties until SIGTERM or SIGINT.
    public func run() async throws {
        try await serve()
    }

    func service(of settings: CarrierSettings, logger: Logger) -> (any Service, Logger.Metadata) {
        let metadata: Logger.Metadata = ["candidate": "\(settings.candidate)", "duties": "\(settings.duties)"]
        return (DutyCarrier(settings: settings, logger: logger), metadata)
    }

    func makeSettings() throws -> CarrierSettings {
        let duties = try duties.settings()
        guard !duties.names.isEmpty else {
            throw AgentError("--duties \(self.duties.duties): names no duty to carry")
        }
        var settings = CarrierSettings(
            candidate: try identity.name() + ":duties-" + Self.suffix(), etcd: try etcd.etcdConfiguration(),
            etcdPrefix: etcd.prefix, kubernetes: try kubernetes.configuration(), duties: duties,
            metricsPort: health.metrics ?? 9608, metricsHost: health.metricsHost)
        if duties.isListener, settings.kubernetes == nil {
            throw AgentError("--duties listener: needs the Kubernetes API; say where it is with --kubernetes-api")
        }
        if duties.isSourceDestCheck, settings.kubernetes == nil {
            throw AgentError("--duties aws: needs the Kubernetes API; say where it is with --kubernetes-api")
        }
        if duties.isInCloud {
            settings.cloud = try cloud.settings(region: daemon.region, port: duties.isDaemon ? nil : daemon.port)
        }
        if duties.isDaemon {
            // Where nobody said an address and none can be found, the daemon tells its own.
            let addresses = identity.nodeIP.isEmpty ? (try? identity.addresses()) ?? [] : try identity.addresses()
            settings.daemon = try DaemonDuty.Source(
                daemon, etcd: settings.etcd, prefix: settings.etcdPrefix, addresses: addresses,
                serviceRange: serviceClusterIPRange, region: cloud.givenRegion, isDebug: log.isDebug)
        }
        return settings
    }

    /// Nobody else's name, even where two of them run on a node, or beside its agent.
    private static func suffix() -> String {
        let text = String(UInt16.random(in: 0...(.max)), radix: 16)
        return String(repeating: "0", count: 4 - text.utf8.count) + text
    }
}
