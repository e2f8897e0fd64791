import ArgumentParser

/// What the agent is told about daemons.
struct DaemonAccessOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("romana-root")],
        help: """
            Daemons' base addresses, by comma; those that announce themselves in etcd are found without. The Service \
            romana is asked when no other answers.
            """)
    var daemon: String = ""

    @Option(name: .customLong("daemon-ca-file"), help: "File with the authority of daemons' certificates.")
    var daemonCAFile: String?

    @Option(help: "File with the agent's certificate for daemons.")
    var daemonCertFile: String?

    @Option(help: "File with the key of that certificate.")
    var daemonKeyFile: String?

    @Option(help: "File with the bearer token for daemons.")
    var daemonTokenFile: String?

    /// Base addresses, each with its scheme.
    var daemons: [String] {
        daemon.split(separator: ",").map { $0.contains("://") ? String($0) : "http://\($0)" }
    }

    /// The Service's base address, where there is one.
    var serviceDaemons: [String] {
        [ServiceVariable.address("ROMANA", port: "DAEMON", else: "9600")].compactMap { $0 }
    }

    /// What daemons are shown.
    func daemonAccess() throws -> DaemonAccess {
        guard (daemonCertFile == nil) == (daemonKeyFile == nil) else {
            throw AgentError("--daemon-cert-file and --daemon-key-file: one is of no use without the other")
        }
        return DaemonAccess(
            caFile: daemonCAFile, certificateFile: daemonCertFile, keyFile: daemonKeyFile, tokenFile: daemonTokenFile)
    }
}
