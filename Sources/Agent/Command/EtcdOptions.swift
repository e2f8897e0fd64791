import ArgumentParser
import Etcd
import LinuxSystem

/// Where etcd is, and who to be for it.
struct EtcdOptions: ParsableArguments {
    @Option(
        name: [
            .customLong("etcd-endpoints"), .customLong("endpoints"), .customLong("endpoints", withSingleDash: true),
        ],
        help: """
            etcd's client addresses, by comma (default: ROMANA_ETCD_ENDPOINTS, else the Service romana-etcd, else \
            localhost:2379).
            """)
    var endpoints: String = EtcdOptions.usualEndpoints

    @Option(
        name: [.customLong("etcd-prefix"), .customLong("prefix"), .customLong("prefix", withSingleDash: true)],
        help: "What all keys begin with.")
    var etcdPrefix: String = "/romana"

    @Option(
        name: [.customLong("etcd-ca-file"), .customLong("etcd_ca_cert")],
        help: "File with the authority of etcd's certificate.")
    var etcdCAFile: String?

    @Option(
        name: [.customLong("etcd-cert-file"), .customLong("etcd_cert_chain")],
        help: "File with the client's certificate for etcd.")
    var etcdCertFile: String?

    @Option(
        name: [.customLong("etcd-key-file"), .customLong("etcd_priv_key")],
        help: "File with the key of that certificate.")
    var etcdKeyFile: String?

    @Option(
        name: .customLong("etcd_addr"),
        help: "etcd's address, as the vpcrouter of old took it: for --etcd-endpoints ADDRESS:PORT.")
    var etcdAddress: String?

    @Option(name: .customLong("etcd_port"), help: "The port that goes with it (default: 2379).")
    var etcdPort: UInt16?

    @Flag(name: .customLong("etcd_use_v2"), help: .hidden)
    var usesEtcd2 = false

    @Option(help: "User at etcd; the password comes from ROMANA_ETCD_PASSWORD.")
    var etcdUsername: String?

    /// The prefix with its leading and without a trailing slash.
    var prefix: String {
        "/" + etcdPrefix.split(separator: "/").joined(separator: "/")
    }

    /// How etcd is reached.
    func etcdConfiguration() throws -> EtcdConfiguration {
        guard !usesEtcd2 else { throw AgentError("--etcd_use_v2: etcd is asked by its third API alone") }
        var list = endpoints.split(separator: ",").map(String.init)
        if etcdAddress != nil || etcdPort != nil {
            let host = etcdAddress ?? "localhost"
            list = ["\(host.contains(":") ? "[\(host)]" : host):\(etcdPort ?? 2379)"]
        }
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

    private static var usualEndpoints: String {
        if let given = ProcessEnvironment.value("ROMANA_ETCD_ENDPOINTS"), !given.isEmpty { return given }
        return ServiceVariable.address("ROMANA_ETCD", port: "ETCD", else: "12379") ?? "localhost:2379"
    }
}
