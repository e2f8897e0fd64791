import ArgumentParser
import Etcd

/// Where etcd is, and who to be for it.
struct EtcdOptions: ParsableArguments {
    @Option(
        help: "Where etcd is: host:port or URLs, comma between (default: the romana-etcd service, else localhost:2379)."
    )
    var etcdEndpoints: String?
    @Option(help: "The prefix of every key in etcd (default: /romana).")
    var etcdPrefix: String?
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

    /// Everything that a client of etcd needs to know.
    func configuration(in environment: DaemonEnvironment) throws(DaemonError) -> EtcdConfiguration {
        let text = environment.value(etcdEndpoints, "etcd-endpoints")
        let endpoints = text?.split { $0 == "," || $0 == " " }.map(String.init) ?? environment.etcdEndpoints
        guard !endpoints.isEmpty else { throw DaemonError(.invalid, "read --etcd-endpoints: it names no endpoint") }
        var etcd = EtcdConfiguration(endpoints: endpoints)
        etcd.caFile = environment.value(etcdCaFile, "etcd-ca-file")
        etcd.certificateFile = environment.value(etcdCertFile, "etcd-cert-file")
        etcd.keyFile = environment.value(etcdKeyFile, "etcd-key-file")
        guard (etcd.certificateFile == nil) == (etcd.keyFile == nil) else {
            throw DaemonError(.invalid, "read --etcd-cert-file: it goes together with --etcd-key-file")
        }
        etcd.username = environment.value(etcdUsername, "etcd-username")
        if let file = environment.value(etcdPasswordFile, "etcd-password-file") {
            etcd.password = try TextFile.secret(file)
        } else {
            etcd.password = environment["ROMANA_ETCD_PASSWORD"]
        }
        return etcd
    }
}
