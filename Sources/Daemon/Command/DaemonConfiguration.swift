import AWS
import Addresses
import Etcd

/// Everything a daemon needs to know at its start.
public struct DaemonConfiguration: Sendable {
    /// Where etcd is, and who to be for it.
    var etcd: EtcdConfiguration
    /// The prefix of every key.
    var etcdPrefix: String
    /// Where to listen.
    var host: String
    /// The port to listen on; 0 takes any.
    var port: Int
    /// What the daemon serves TLS with; nil when it serves plain text.
    var certificate: ServerCertificate?
    /// The file of the tokens that clients show; nil when none is asked for.
    var tokenFile: String?
    /// Where others reach this daemon, `ADDRESS:PORT`; nil when it cannot be known.
    var advertise: String?
    /// The topology to store when etcd holds none.
    var topology: FirstTopology
    /// Where the instance's metadata is, for topologies that need it.
    var metadata: MetadataEndpoint
    /// The cluster's ranges of service addresses, which no network may overlap.
    var serviceRanges: [IPPrefix]
    /// Whether everything is logged.
    var isDebug: Bool
}
