import Addresses
import Netlink
import Policies
import Topology

/// The state of a node as its metrics, its health and `romana` show it.
struct NodeReport: Sendable {
    /// A route to another node and how it fares.
    struct RemoteState: Sendable {
        var prefix: IPPrefix
        var via: String
        var host: String
        /// `installed`, `pending`, `left to the fabric` or the kernel's refusal.
        var state: String
    }

    var settings: AgentSettings
    /// Why an ADD could not be served now; nil when it could.
    var problem: String?
    /// Everything that this depends on.
    var checks: [HealthCheck]
    var attachments: [Attachment]
    /// What each attachment's traffic is held to, in their order; none where policies are not enforced.
    var profiles: [[NetworkPolicy.Direction: ProfileName]]
    var blocks: [BlockRecord]
    var routes: [RemoteState]
    var reachable: [String: Bool]
    /// Base addresses of daemons.
    var daemons: [String]
    /// The link towards the other nodes.
    var uplink: Link?
    var counters: DataplaneCounters
    var policyCounters: PolicyTable.Counters
    /// How many policies are known.
    var policies: Int
    /// How many blocks the node waits for.
    var wantedBlocks: Int
    var statistics = BlockStatistics()

    var node: String { settings.node }
    var version: String { AgentVersion.current }
}
