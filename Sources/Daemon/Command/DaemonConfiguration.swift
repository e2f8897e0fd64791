/// Everything a daemon needs to know at its start.
struct DaemonConfiguration: Sendable {
    /// Where etcd is: `host:port` or URLs.
    var etcdEndpoints: [String]
    /// The prefix of every key.
    var etcdPrefix: String
    /// Files for TLS to etcd, PEM.
    var etcdCAFile: String?
    var etcdCertificateFile: String?
    var etcdKeyFile: String?
    /// Who to be for etcd.
    var etcdUsername: String?
    var etcdPassword: String?
    /// Where to listen.
    var host: String
    /// The port to listen on; 0 takes any.
    var port: Int
    /// Where others reach this daemon, `ADDRESS:PORT`; nil when it cannot be known.
    var advertise: String?
    /// The topology to store when etcd holds none, with the overrides applied; nil when there is none to offer.
    var initialTopology: InitialTopology?
    /// Whether everything is logged.
    var isDebug: Bool
}
