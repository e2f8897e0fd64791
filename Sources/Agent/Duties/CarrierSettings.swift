import Etcd
import KubernetesAPI

/// Everything that an agent is told which carries duties only.
struct CarrierSettings: Sendable {
    /// Its name in elections, which nobody else has.
    var candidate: String
    /// How etcd is reached.
    var etcd: EtcdConfiguration
    /// What all keys begin with.
    var etcdPrefix: String
    /// Where the Kubernetes API is; nil when there is none.
    var kubernetes: KubernetesConfiguration?
    /// The duties.
    var duties: DutySettings
    /// What a daemon is started with, where that is a duty.
    var daemon: DaemonDuty.Source?
    /// What the duties in AWS are told, where there are any.
    var cloud: CloudSettings?
    /// Port of metrics and health; 0 for none.
    var metricsPort: Int
    /// The address that metrics and health are served on.
    var metricsHost: String
}
