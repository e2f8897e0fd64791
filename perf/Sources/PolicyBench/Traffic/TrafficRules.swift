import Policies
import Testbed

/// What a node's forward chain has to say about packets between its pods.
enum TrafficRules: Hashable {
    /// Nothing at all: the kernel alone.
    case none
    /// Our table on a node whose agent has `--policies=false`: no policy, and everything else that a node does.
    case off
    /// So many policies of ours.
    case romana(Int)
    /// So many policies as a rule each, one behind the other (Debian's iptables, which writes nf_tables).
    case iptables(Int)
    /// The same, behind a rule that lets replies and packets of connections through.
    case iptablesRepliesFirst(Int)

    var subject: String {
        switch self {
        case .none: "no policy"
        case .off: "romana, --policies=false"
        case .romana: "romana"
        case .iptables: "iptables"
        case .iptablesRepliesFirst: "iptables, replies first"
        }
    }

    var size: Int {
        switch self {
        case .none, .off: 0
        case .romana(let size), .iptables(let size), .iptablesRepliesFirst(let size): size
        }
    }

    /// Makes them the rules of a stage.
    func apply(to stage: TrafficStage) async throws {
        switch self {
        case .none: break
        case .off:
            var settings = PolicySettings()
            settings.isEnforced = false
            try stage.perform { try Self.start(stage, policies: 0, settings: settings) }
        case .romana(let size):
            try stage.perform { try Self.start(stage, policies: size, settings: PolicySettings()) }
        case .iptables(let size):
            try await Self.load(Self.linear(size, repliesFirst: false), stage)
        case .iptablesRepliesFirst(let size):
            try await Self.load(Self.linear(size, repliesFirst: true), stage)
        }
    }

    private static func start(_ stage: TrafficStage, policies: Int, settings: PolicySettings) throws {
        let world = PolicyWorld(count: max(1, policies), members: 10)
        var start = NodeStart(world, hasPolicies: policies > 0)
        start.attachments[0] = world.attachment(0, link: stage.serverLink)
        let client = PodRecord(namespace: "clients", name: "client")
        start.add(
            client, PolicyWorld.attachment(client, "client", TrafficStage.client, link: stage.clientLink))
        if policies > 0 { start.groups[0].members[TrafficStage.client] = [] }
        try PolicyTable.started(start, settings: settings, kernel: try TimedKernel())
    }

    private static func load(_ rules: String, _ stage: TrafficStage) async throws {
        let program = Program("iptables-nft-restore", namespace: stage.node.path)
        try await program.run(input: Array(rules.utf8)).checked()
    }

    /// The policies of a world as rules; the one that lets the client in is the last, and behind it that for answers.
    private static func linear(_ size: Int, repliesFirst: Bool) -> String {
        let world = PolicyWorld(count: size, members: 10)
        var lines = ["*filter", ":FORWARD DROP [0:0]"]
        if repliesFirst { lines.append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT") }
        for index in 1..<size {
            lines.append(
                "-A FORWARD -s \(world.member(0, of: index)) -d \(world.address(index)) -p tcp -m tcp --dport 443 -j ACCEPT"
            )
        }
        lines.append(
            "-A FORWARD -s \(TrafficStage.client) -d \(TrafficStage.server) -p tcp -m tcp --dport 443 -j ACCEPT")
        if !repliesFirst {
            lines.append("-A FORWARD -s \(TrafficStage.server) -d \(TrafficStage.client) -j ACCEPT")
        }
        return (lines + ["COMMIT", ""]).joined(separator: "\n")
    }
}
