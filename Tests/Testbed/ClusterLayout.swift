/// What a test cluster consists of.
public struct ClusterLayout: Sendable {
    /// How many nodes.
    public var nodes = 1
    /// How many daemons; they serve on ports 9600, 9601 and so on of the fabric.
    public var daemons = 1
    /// Whether agents carry the duty of the daemon; `daemons` is then best 0.
    public var agentsServe = false
    /// The families of nodes and pods.
    public var families = Families.dual
    /// The topology document that the daemons start with.
    public var topology: String
    /// How long an address rests before it is used again, in seconds.
    public var cooldown = 30
    /// What daemons are told besides.
    public var daemonOptions: [String] = []
    /// What agents are told besides.
    public var agentOptions: [String] = []
    /// What the operators' command is told besides.
    public var romanaOptions: [String] = []
    /// Whether there is a kube-apiserver, in which the nodes are, and which the agents are told of.
    public var hasKubernetes = false
    /// A manifest that is applied before the agents start, which then are its service account `romana-agent`.
    public var manifest: String?
    /// Labels of the nodes in the kube-apiserver.
    public var nodeLabels: [String: String] = [:]
    /// How daemons serve: `http` or `https`.
    public var daemonScheme = "http"
    /// A network that was made before, with the addresses of each of its nodes; nil for one of ``Fabric``'s own.
    public var place: (fabric: Fabric, addresses: [[String]])?
    /// What agents are told besides, one by one.
    public var ownOptions: [[String]] = []
    /// Where the programs are; nil takes those built together with this one.
    public var programs: Programs?

    /// A cluster of `nodes` nodes whose pods have these families.
    ///
    /// - Parameters:
    ///   - blockMask4: prefix length of IPv4 blocks.
    ///   - blockMask6: prefix length of IPv6 blocks.
    public init(nodes: Int = 1, families: Families = .dual, blockMask4: Int = 29, blockMask6: Int = 125) {
        self.nodes = nodes
        self.families = families
        topology = TopologyText.racks(families, blockMask4: blockMask4, blockMask6: blockMask6)
    }
}
