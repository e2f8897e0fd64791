public import ArgumentParser
import Release

/// `romana-daemon`: the REST API of topology, hosts and blocks over etcd.
public struct DaemonCommand: AsyncParsableCommand {
    /// What `--help` says.
    public static let configuration = CommandConfiguration(
        commandName: "romana-daemon", abstract: "Serves topology, hosts and blocks of the pod network over REST.",
        version: Release.version)

    @Option(
        help: "Where etcd is: host:port or URLs, comma between (default: the romana-etcd service, else localhost:2379)."
    )
    var etcdEndpoints: String?
    @Option(help: "The prefix of every key in etcd.")
    var etcdPrefix = "/romana"
    @Option(help: "Certificates (PEM) that etcd's own must come from.")
    var etcdCaFile: String?
    @Option(help: "This client's certificate (PEM).")
    var etcdCertFile: String?
    @Option(help: "The key of this client's certificate (PEM).")
    var etcdKeyFile: String?
    @Option(
        help:
            "Who to be for etcd; the password is in the variable ROMANA_ETCD_PASSWORD or the file of --etcd-password-file."
    )
    var etcdUsername: String?
    @Option(help: "The file that has the password for etcd.")
    var etcdPasswordFile: String?
    @Option(help: "The address to listen on.")
    var host = "localhost"
    @Option(help: "The port to listen on.")
    var port = 9600
    @Option(help: "Where others reach this daemon, ADDRESS:PORT (default: --host, or the node's address).")
    var advertise: String?
    @Option(help: "The topology (JSON) to store when etcd holds none.")
    var initialNetwork: String?
    @Option(help: .hidden)
    var initialTopologyFile: String?
    @Option(help: "Other CIDRs for networks of the initial topology: name=CIDR, comma between.")
    var networkCidrOverrides: String?
    @Option(help: "The cloud the cluster runs in: aws.")
    var cloud: String?
    @Option(defaultAsFlag: true, help: "Whether to log everything: true or false.")
    var debug: Bool?

    /// Takes its values from the command line.
    public init() {}

    /// Refuses values that cannot be.
    public func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port \(port) is not a port") }
        if let cloud, cloud != "aws" { throw ValidationError("--cloud \(cloud) is not known, only aws") }
        guard (etcdCertFile == nil) == (etcdKeyFile == nil) else {
            throw ValidationError("--etcd-cert-file and --etcd-key-file go together")
        }
        if let etcdEndpoints, !etcdEndpoints.contains(where: { $0 != "," && $0 != " " }) {
            throw ValidationError("--etcd-endpoints names no endpoint")
        }
    }

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

    /// The settings that the flags and `environment` come to.
    func configuration(in environment: DaemonEnvironment) throws(DaemonError) -> DaemonConfiguration {
        let overrides =
            try networkCidrOverrides.map { text throws(DaemonError) in try NetworkOverride.parse(text) } ?? []
        return DaemonConfiguration(
            etcdEndpoints: etcdEndpoints.map { text in
                text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
            } ?? environment.etcdEndpoints,
            etcdPrefix: etcdPrefix, etcdCAFile: etcdCaFile, etcdCertificateFile: etcdCertFile, etcdKeyFile: etcdKeyFile,
            etcdUsername: etcdUsername, etcdPassword: try password(in: environment), host: host, port: port,
            advertise: advertise ?? AdvertisedAddress.address(host: host, port: port, environment: environment),
            initialTopology: try initialTopology(in: environment, overrides), isDebug: debug ?? false)
    }

    private func initialTopology(
        in environment: DaemonEnvironment, _ overrides: [NetworkOverride]
    ) throws(DaemonError) -> InitialTopology? {
        if let path = [initialNetwork, initialTopologyFile].compactMap({ $0 }).first(where: { !$0.isEmpty }) {
            return try InitialTopology(file: path, overrides: overrides)
        }
        guard cloud == nil, let builtIn = BuiltInTopology(kubernetesService: environment.kubernetesService) else {
            return nil
        }
        return try InitialTopology(builtIn, overrides: overrides)
    }

    private func password(in environment: DaemonEnvironment) throws(DaemonError) -> String? {
        guard let etcdPasswordFile else { return environment["ROMANA_ETCD_PASSWORD"] }
        return try TextFile.secret(etcdPasswordFile)
    }
}
