public import Addresses
public import Etcd
public import KubernetesAPI

/// Everything that an agent is told when it starts.
public struct AgentSettings: Sendable {
    /// The node's name in the cluster.
    public var node: String
    /// The node's addresses, at most one of each family; the first is the one by which it is registered.
    public var addresses: [IPAddress]
    /// Whether these addresses were told; else those of the node in the API come first.
    public var hasGivenAddresses = true
    /// What tells the machine from others; nil to find out.
    public var machine: String?
    /// Labels to register the node with; with an API, besides those that the node has there.
    public var labels: [String: String]
    /// How etcd is reached.
    public var etcd: EtcdConfiguration
    /// What all keys begin with.
    public var etcdPrefix: String
    /// Base addresses of daemons, tried in order; those that announce themselves in etcd are tried after them.
    public var daemons: [String]
    /// Base addresses of daemons that are tried when no other answers: the Service's, which takes a proxy.
    public var serviceDaemons: [String] = []
    /// What daemons are shown.
    public var daemonAccess = DaemonAccess()
    /// Where romana-cni finds the agent.
    public var socketPath: String
    /// A folder on a tmpfs for the journal.
    public var runDirectory: String
    /// The link towards the other nodes; found by the node's address when nil.
    public var linkName: String?
    /// The MTU of pods in bytes; that of the uplink when nil.
    public var mtu: UInt32?
    /// The routing table of pod and node routes; 254 is the main table.
    public var routeTable: UInt32
    /// Whether routes are written whose next hop is not on a link of the node.
    public var multihop: Bool
    /// How long an address rests before it is used again, in nanoseconds.
    public var cooldown: UInt64
    /// How long an ADD waits for a block before it asks the runtime to try again, in nanoseconds.
    public var patience: UInt64
    /// What is done about policy.
    public var policy = PolicySettings()
    /// Whether the API server tells which pods the node has; else only CNI does, and no pod has labels.
    public var knowsPods = false
    /// Where the Kubernetes API is; nil when there is none.
    public var kubernetes: KubernetesConfiguration?
    /// What the agent does for the whole cluster, where there is a Kubernetes API.
    public var duties = DutySettings()
    /// What a daemon is started with, where that is a duty.
    var daemon: DaemonDuty.Source?
    /// What the duties in AWS are told, where there are any.
    var cloud: CloudSettings?
    /// What is put on the node for container runtimes; nil for nothing.
    public var installation: InstallationSettings?
    /// Port of metrics and health; 0 for none.
    public var metricsPort: Int
    /// The address that metrics and health are served on.
    public var metricsHost: String

    /// The key of the topology document: PREFIX/topology.
    var topologyKey: String { "\(etcdPrefix)/topology" }
    /// What keys of hosts begin with: PREFIX/hosts/.
    var hostsPrefix: String { "\(etcdPrefix)/hosts/" }
    /// What keys of blocks begin with: PREFIX/blocks/.
    var blocksPrefix: String { "\(etcdPrefix)/blocks/" }
    /// What keys of policies begin with: PREFIX/policies/.
    var policiesPrefix: String { "\(etcdPrefix)/policies/" }
    /// What keys of groups begin with: PREFIX/groups/.
    var groupsPrefix: String { "\(etcdPrefix)/groups/" }
    /// What keys of daemons begin with: PREFIX/daemons/.
    var daemonsPrefix: String { "\(etcdPrefix)/daemons/" }
    /// The key of the node's liveness: PREFIX/alive/NODE.
    var aliveKey: String { "\(etcdPrefix)/alive/\(node)" }
}
