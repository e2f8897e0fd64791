public import ArgumentParser
import Release
import Topology

/// `romana-daemon`: the REST API of topology, hosts and blocks over etcd.
public struct DaemonCommand: AsyncParsableCommand {
    /// What `--help` says.
    public static let configuration = CommandConfiguration(
        commandName: "romana-daemon",
        abstract: "Serves topology, hosts, blocks and policies of the pod network over REST.",
        discussion: """
            Every option has an environment variable, ROMANA_DAEMON_ and its name: ROMANA_DAEMON_TLS_CERT for --tls-cert. \
            The option counts where both are there.
            """,
        version: Release.version)

    @OptionGroup(title: "etcd") var etcd: EtcdOptions
    @OptionGroup(title: "Serving") var serving: ServingOptions
    @OptionGroup(title: "First topology") var topology: TopologyOptions
    @Option(defaultAsFlag: true, help: "Whether to log everything: true or false.")
    var debug: Bool?

    /// Takes its values from the command line.
    public init() {}

    /// Serves until SIGTERM or SIGINT.
    public func run() async throws {
        try await DaemonServer(configuration(in: .process)).run()
    }

    /// Reads the command line, serves, and ends the process: with 0 when told to stop, 1 when the command line is
    /// wrong, 2 when what it names cannot be used or the port cannot be served.
    public static func start() async -> Never {
        let command: Self
        do {
            command = try parse()
        } catch {
            let isHelp = exitCode(for: error) == .success
            print(fullMessage(for: error), to: isHelp ? .output : .error)
            exit(withError: isHelp ? nil : ExitCode(1))
        }
        do {
            try await command.run()
            exit()
        } catch {
            print("romana-daemon: \(error)", to: .error)
            exit(withError: ExitCode(2))
        }
    }

    /// The settings that the flags and `environment` come to; a flag that is not given has the value of the variable
    /// ROMANA_DAEMON_ and its name, as in ROMANA_DAEMON_TLS_CERT.
    func configuration(in environment: DaemonEnvironment) throws(DaemonError) -> DaemonConfiguration {
        let first = try topology.choice(in: environment)
        let services = try topology.serviceRanges(in: environment)
        if case .document(let initial) = first { try initial.document.checkForUse(apartFrom: services) }
        let (host, port) = (serving.host(in: environment), try serving.port(in: environment))
        return DaemonConfiguration(
            etcd: try etcd.configuration(in: environment),
            etcdPrefix: environment.value(etcd.etcdPrefix, "etcd-prefix") ?? "/romana",
            host: host, port: port, certificate: try serving.certificate(in: environment),
            tokenFile: environment.value(serving.tokenFile, "token-file"),
            advertise: environment.value(serving.advertise, "advertise")
                ?? AdvertisedAddress.address(host: host, port: port, environment: environment),
            topology: first, metadata: InstanceMetadata(in: environment),
            serviceRanges: services, isDebug: try isDebug(in: environment))
    }

    private func isDebug(in environment: DaemonEnvironment) throws(DaemonError) -> Bool {
        if let debug { return debug }
        switch environment.value(nil, "debug") {
        case nil, "false": return false
        case "true": return true
        case let other?:
            throw DaemonError(.invalid, "read ROMANA_DAEMON_DEBUG: \"\(other)\" is not true or false")
        }
    }
}
