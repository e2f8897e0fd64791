public import ArgumentParser
import Logging
import Options
import Release
import Telemetry
import Topology
import UnixSignals

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
    @OptionGroup(title: "Names of old") var names: FirstGenerationOptions
    @OptionGroup(title: "First topology") var topology: TopologyOptions
    @OptionGroup(title: "Services") var services: ServiceRangeOptions
    @Option(
        defaultAsFlag: Toggle.on, parsing: .next,
        help: .init("Log everything (default: false).", valueName: "true|false"))
    var debug: Toggle?
    @Option(
        help: .init("How log lines are written (default: text).", valueName: "text|json"),
        completion: .list(LogFormat.allCases.map(\.rawValue)))
    var logFormat: String?

    /// Takes its values from the command line.
    public init() {}

    /// Refuses values that cannot be.
    public func validate() throws {
        if let debug, debug.isOn == nil { throw ValidationError("--debug: \(debug) is neither true nor false") }
    }

    /// Serves until SIGTERM or SIGINT.
    public func run() async throws {
        let configuration = try configuration(in: .process)
        let format = try logFormat(in: .process)
        var logger = Logger(label: "romana-daemon") { LineLogHandler(label: $0, format: format) }
        logger.logLevel = configuration.isDebug ? .debug : .info
        try await DaemonServer(configuration, logger: logger).run(until: [.sigterm, .sigint])
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
        try DaemonConfiguration(
            etcd: try etcd.configuration(in: environment),
            etcdPrefix: environment.value(etcd.etcdPrefix, "etcd-prefix") ?? "/romana",
            serving: try names.applied(to: serving, in: environment), topology: topology, services: services,
            isDebug: isDebug(in: environment),
            environment: environment)
    }

    func logFormat(in environment: DaemonEnvironment) throws(DaemonError) -> LogFormat {
        guard let text = environment.value(logFormat, "log-format") else { return .text }
        guard let format = LogFormat(option: text) else {
            throw DaemonError(.invalid, "read --log-format: \"\(text)\" is not text or json")
        }
        return format
    }

    private func isDebug(in environment: DaemonEnvironment) throws(DaemonError) -> Bool {
        let toggle = debug ?? environment.value(nil, "debug").map { Toggle(argument: $0) } ?? Toggle(argument: "false")
        guard let isOn = toggle.isOn else {
            throw DaemonError(.invalid, "read ROMANA_DAEMON_DEBUG: \"\(toggle)\" is neither true nor false")
        }
        return isOn
    }
}
