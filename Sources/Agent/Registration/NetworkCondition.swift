import KubernetesAPI

/// What the agent has the node say of its network, under `NetworkUnavailable`, and when.
///
/// It speaks when it has something to say, and leaves alone what says the same, whoever said it. Where another program
/// says the contrary it is put right, each time after a longer pause, so that two who disagree do not shout.
struct NetworkCondition: Sendable {
    /// The type of the condition; while it is true the scheduler keeps pods away.
    static let type = "NetworkUnavailable"

    /// Why pods cannot be served; nil when they can.
    private var problem: String?
    private var since: ContinuousClock.Instant
    private var quietUntil: ContinuousClock.Instant?
    private var pause = Self.firstPause
    private var spoke: ContinuousClock.Instant?

    /// How long a node may be without its network before that is said; restarts and upgrades are shorter.
    static let patience = Duration.seconds(30)
    private static let firstPause = Duration.seconds(30)
    private static let longestPause = Duration.seconds(3600)
    /// The least time between two reasons for the same.
    private static let gap = Duration.seconds(60)

    /// Begins with a problem that is as old as the agent.
    init(at now: ContinuousClock.Instant) {
        problem = "the agent has just begun"
        since = now
    }

    /// Takes in why pods cannot be served, or that they can.
    mutating func take(_ problem: String?, at now: ContinuousClock.Instant) {
        if (self.problem == nil) != (problem == nil) { since = now }
        self.problem = problem
    }

    /// What is to be said in place of what is said now; nil for nothing.
    mutating func change(_ held: NodeCondition?, at now: ContinuousClock.Instant) -> NodeCondition? {
        let wanted: NodeCondition
        if let problem {
            guard since.duration(to: now) >= Self.patience else { return nil }
            wanted = NodeCondition(Self.type, status: "True", reason: "RomanaIsNotReady", message: problem)
        } else {
            wanted = NodeCondition(
                Self.type, status: "False", reason: "RomanaIsReady", message: "romana-agent serves pods on this node.")
        }
        if let held {
            if held.status == wanted.status {
                guard held.isOwn, held.message != wanted.message, spoke.map({ $0 + Self.gap <= now }) ?? true else {
                    return nil
                }
            } else if !held.isOwn {
                if let quietUntil, now < quietUntil { return nil }
                quietUntil = now + pause
                pause = min(pause * 2, Self.longestPause)
            }
        }
        spoke = now
        return wanted
    }
}

extension NetworkCondition {
    /// Takes back what agents said of a node, and tells whether there was anything.
    ///
    /// What others say stays.
    static func takeBack(from node: String, _ client: KubernetesClient) async throws(KubernetesAPIError) -> Bool {
        guard try await client.get(Node.self, ObjectKey(name: node))?.condition(type)?.isOwn ?? false else {
            return false
        }
        // kubectl patch node NODE --subresource=status -p '{"status": {"conditions": [{"$patch": "delete", ...}]}}'
        try await client.removeCondition(type, ofNode: node)
        return true
    }
}

extension NodeCondition {
    /// Whether an agent said it.
    fileprivate var isOwn: Bool { reason.hasPrefix("Romana") }
}
