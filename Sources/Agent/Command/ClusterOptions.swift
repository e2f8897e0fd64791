import ArgumentParser
import Etcd
import LinuxSystem

/// What the agent is told about the cluster.
struct ClusterOptions: ParsableArguments {
    @Option(
        name: [
            .customLong("etcd-endpoints"), .customLong("endpoints"), .customLong("endpoints", withSingleDash: true),
        ],
        help: "etcd's client addresses, by comma (default: the Service romana-etcd, else localhost:2379).")
    var endpoints: String = ClusterOptions.etcdService ?? "localhost:2379"

    @Option(
        name: [.customLong("etcd-prefix"), .customLong("prefix"), .customLong("prefix", withSingleDash: true)],
        help: "What all keys begin with.")
    var etcdPrefix: String = "/romana"

    @Option(help: "File with the authority of etcd's certificate.")
    var etcdCAFile: String?

    @Option(help: "File with the client's certificate for etcd.")
    var etcdCertFile: String?

    @Option(help: "File with the key of that certificate.")
    var etcdKeyFile: String?

    @Option(help: "User at etcd; the password comes from ROMANA_ETCD_PASSWORD.")
    var etcdUsername: String?

    @Option(
        help: """
            Daemons' base addresses, by comma (default: the Service romana; those that announce themselves in etcd \
            are found without).
            """)
    var daemon: String = ClusterOptions.daemonService ?? ""

    @Option(name: .customLong("daemon-ca-file"), help: "File with the authority of daemons' certificates.")
    var daemonCAFile: String?

    @Option(help: "File with the agent's certificate for daemons.")
    var daemonCertFile: String?

    @Option(help: "File with the key of that certificate.")
    var daemonKeyFile: String?

    @Option(help: "File with the bearer token for daemons.")
    var daemonTokenFile: String?

    /// The prefix with its leading and without a trailing slash.
    var prefix: String {
        "/" + etcdPrefix.split(separator: "/").joined(separator: "/")
    }

    /// Base addresses, each with its scheme.
    var daemons: [String] {
        daemon.split(separator: ",").map { $0.contains("://") ? String($0) : "http://\($0)" }
    }

    /// What daemons are shown.
    func daemonAccess() throws -> DaemonAccess {
        guard (daemonCertFile == nil) == (daemonKeyFile == nil) else {
            throw AgentError("--daemon-cert-file and --daemon-key-file: one is of no use without the other")
        }
        return DaemonAccess(
            caFile: daemonCAFile, certificateFile: daemonCertFile, keyFile: daemonKeyFile, tokenFile: daemonTokenFile)
    }

    /// How etcd is reached.
    func etcdConfiguration() throws -> EtcdConfiguration {
        let list = endpoints.split(separator: ",").map(String.init)
        guard !list.isEmpty else { throw AgentError("--etcd-endpoints: names no address") }
        guard (etcdCertFile == nil) == (etcdKeyFile == nil) else {
            throw AgentError("--etcd-cert-file and --etcd-key-file: one is of no use without the other")
        }
        var configuration = EtcdConfiguration(endpoints: list)
        configuration.caFile = etcdCAFile
        configuration.certificateFile = etcdCertFile
        configuration.keyFile = etcdKeyFile
        configuration.username = etcdUsername
        configuration.password = ProcessEnvironment.value("ROMANA_ETCD_PASSWORD")
        return configuration
    }

    private static var etcdService: String? {
        ProcessEnvironment.value("ROMANA_ETCD_SERVICE_HOST").map {
            "http://\(bracketed($0)):\(ProcessEnvironment.value("ROMANA_ETCD_SERVICE_PORT_ETCD") ?? "12379")"
        }
    }

    private static var daemonService: String? {
        ProcessEnvironment.value("ROMANA_SERVICE_HOST").map {
            "http://\(bracketed($0)):\(ProcessEnvironment.value("ROMANA_SERVICE_PORT_DAEMON") ?? "9600")"
        }
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}
