import Addresses
import Policies
import Topology

/// What sources tell the dataplane: finished values, in order.
enum DataplaneChange: Sendable {
    /// The cluster's networks, in the order of the topology document.
    case networks([Network])
    /// All blocks of this node, as a first full list.
    case ownBlocks([BlockRecord])
    /// One block of this node came, changed or (nil) went.
    case ownBlock(IPPrefix, BlockRecord?)
    /// Blocks that a daemon has just granted; etcd will tell of them too.
    case granted([BlockRecord])
    /// What changed in the plan of routes to other nodes.
    case routes(RoutePlan.Change)
    /// Addresses of all networks of the cluster.
    case clusterPrefixes([IPPrefix])
    /// All policies, as a first full list.
    case statements([PolicyStatement])
    /// One policy came, changed or (nil) went.
    case statement(String, PolicyStatement?)
    /// All pods of this node, as a first full list.
    case pods([PodRecord])
    /// One pod of this node came, changed or (nil) went: `NAMESPACE/NAME`.
    case pod(String, PodRecord?)
    /// All members of a group; nil when nobody follows them any more.
    case group(String, [GroupMember]?)
    /// Whether the members that are known of a group are all.
    case groupKept(String, Bool)
    /// Members of a group that came, changed or (nil) went.
    case members(String, [(address: IPAddress, member: GroupMember?)])
    /// Every source has given its first full list: what no source knows may be swept.
    case inSync
    /// Base addresses of the daemons that announce themselves, for those who ask the node.
    case daemons([String])
    /// Whether a remote party answers.
    case reachable(Remote, Bool)
    /// Why this node cannot be served blocks, or nil when it can.
    case supply(problem: String?)
    /// Why the node may not serve pods under its name, or nil when it may.
    case standing(problem: String?)
    /// The node's own addresses changed.
    case nodeAddresses([IPAddress])
    /// The node's links or addresses changed under us.
    case kernelChanged
    /// Links were reaped, or the attempt was refused.
    case reaped(links: Int, problem: String?)
    /// Somebody wants to see the node's state.
    case report(@Sendable (NodeReport) -> Void)
    /// What a connection of the socket that asked for the node's state gets.
    case state(connection: UInt64, [UInt8])
    /// Somebody wants to know what the node's policies say.
    case question(PolicyQuestion, @Sendable ([NetworkPolicy.Direction: DirectionJudgement]) -> Void)
    /// The agent ends; running pods stay as they are.
    case stop

    /// A remote party that the agent can do without for a while.
    enum Remote: String, CaseIterable, Sendable {
        case etcd, daemon, kubernetes
    }
}
