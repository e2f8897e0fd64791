import Addresses
import CNIProtocol
import LinuxSystem
import Logging
import Netlink
import Policies
import Topology

/// All state of the node, owned by one thread: no locks, no actors, no waiting for anyone remote.
///
/// The loop (``DataplaneLoop``) hands it requests and changes; it turns them into journal lines and kernel batches.
final class Dataplane {
    let settings: AgentSettings
    let logger: Logger
    /// The node's own namespace.
    let host: any NetworkKernel
    /// Opens the kernel of a pod's namespace.
    let openSandbox: (Int32) throws(NetlinkError) -> any NetworkKernel
    let journal: Journal
    let reaper: LinkReaper
    let needs: NodeNeeds
    /// Turns forwarding on for a family, once.
    let forward: (AddressFamily) -> Void
    /// Ends connections of these addresses that the policies do not allow any more, or (nil) all; done elsewhere.
    let forget: (Set<IPAddress>, NodePolicies?) -> Void
    /// What an attachment that ports of the node lead to needs besides their rules.
    let admitMappings: (Attachment, [IPAddress]) -> Void
    var faults: FaultPoint

    /// Attachments that stand, by container and interface.
    var attachments: [AttachmentKey: Attachment] = [:]
    /// ADDs that wait for a block.
    var waiting: [CNIRequest] = []
    var blocks: NodeBlocks
    var routes: RouteTable
    var policy: PolicyTable
    var policySources = PolicySources()
    var counters = DataplaneCounters()
    /// Whether remote parties answer; a daemon is not asked before something is needed of it.
    var reachable: [String: Bool] = ["etcd": false]
    /// Since when that is so, in seconds since 1970.
    var reachableSince: [String: Int64] = [:]
    /// Why the kernel could not be compared with what is wanted; nil when it could.
    var auditProblem: String?
    /// The call that blocks are wanted for: the last one that took addresses or waits for them.
    var cause = ""
    /// Base addresses of the daemons that announce themselves.
    var announcedDaemons: [String] = []
    /// The node's own addresses, by which others reach it.
    var nodeAddresses: [IPAddress]
    /// Why the node may not serve pods under its name.
    var standingProblem: String?
    /// What was last said of ``problem``; nil before anything was.
    private var lastProblem: String??
    /// Why the daemon does not serve us blocks.
    var supplyProblem: String?
    /// Whether every source has given its first full list.
    var isInSync = false
    /// Names of the cluster's networks; empty until a topology is known.
    var networkNames: [String] = []
    /// Addresses of all networks of the cluster.
    var clusterPrefixes: [IPPrefix] = []
    /// The link towards the other nodes and its MTU.
    var uplink: Link?
    /// What was last sent as wanted, so that only news is sent.
    var lastWants: [BlockWant] = []
    /// How many grants have been taken in.
    var grants: UInt64 = 0
    /// Identity of the node's own namespace, which is never a pod's.
    let ownIdentity: String

    init(
        settings: AgentSettings, host: any NetworkKernel, policy: PolicyTable, journal: Journal, reaper: LinkReaper,
        needs: NodeNeeds, ownIdentity: String, faults: FaultPoint, logger: Logger,
        forward: @escaping (AddressFamily) -> Void,
        forget: @escaping (Set<IPAddress>, NodePolicies?) -> Void = { _, _ in },
        admitMappings: @escaping (Attachment, [IPAddress]) -> Void = { _, _ in },
        openSandbox: @escaping (Int32) throws(NetlinkError) -> any NetworkKernel
    ) {
        self.settings = settings
        self.host = host
        self.journal = journal
        self.reaper = reaper
        self.needs = needs
        self.ownIdentity = ownIdentity
        self.faults = faults
        self.forward = forward
        self.forget = forget
        self.admitMappings = admitMappings
        self.policy = policy
        self.logger = logger
        self.openSandbox = openSandbox
        nodeAddresses = settings.addresses
        blocks = NodeBlocks(cooldown: settings.cooldown)
        routes = RouteTable(table: settings.routeTable, multihop: settings.multihop)
    }

    /// The MTU that pods get: as configured for the network, for the agent, or that of the uplink.
    func mtu(_ config: NetworkConfig) -> UInt32 {
        config.mtu.map { UInt32(clamping: $0) } ?? settings.mtu ?? uplink?.mtu ?? 1500
    }

    /// Why an ADD could not be served now; nil when it could.
    var problem: String? {
        if let standingProblem { return standingProblem }
        guard !networkNames.isEmpty else {
            return "no network is known yet: \(supplyProblem ?? "etcd has not been reached")"
        }
        guard !blocks.statistics.isEmpty else {
            return "the node owns no block of addresses yet" + (supplyProblem.map { ": \($0)" } ?? "")
        }
        return policyProblem
    }

    /// Base addresses of all daemons: those the agent was told of, and those that announce themselves.
    private var daemons: [String] {
        settings.daemons + announcedDaemons.filter { !settings.daemons.contains($0) }
    }

    /// Lets the sources know whether pods can be served, if that changed.
    func announceProblem() {
        let problem = problem
        guard lastProblem != .some(problem) else { return }
        lastProblem = .some(problem)
        needs.tell(problem: problem)
    }

    /// Lets the sources know what the node needs, if that changed.
    func announceNeeds() {
        let wants = blocks.wants()
        if wants != lastWants {
            lastWants = wants
            needs.send(.blocks(wants, afterGrants: grants, cause: waiting.first?.id ?? cause))
        }
        let groups = policy.policies.wantedGroups
        if groups != policySources.wantedGroups {
            policySources.wantedGroups = groups
            needs.want(groups: groups)
        }
    }

    /// The node's state as of now.
    func report() -> NodeReport {
        let attachments = attachments.values.sorted { $0.key.description < $1.key.description }
        return NodeReport(
            settings: settings, problem: problem, checks: checks, attachments: attachments,
            profiles: settings.policy.isEnforced ? attachments.map { policy.policies.profiles(of: $0.policyPod) } : [],
            blocks: blocks.records, routes: routes.states, reachable: reachable, daemons: daemons,
            uplink: uplink, counters: counters, policyCounters: policy.counters,
            policies: policy.policies.statementCount, wantedBlocks: blocks.wants().reduce(0) { $0 + $1.count },
            statistics: blocks.statistics)
    }
}
