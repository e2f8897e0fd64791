import Deltas
import KubernetesAPI

/// Which nodes' interfaces are known to carry pods' packets, and which are to be looked at, and when.
struct SourceDestLedger: Sendable {
    /// How it stands with a node.
    enum Standing: Hashable, Sendable {
        /// To be looked at.
        case pending
        /// Its interfaces carry pods' packets.
        case settled
        /// It could not be settled, with the reason; to be looked at again at some time.
        case failed(String, again: ContinuousClock.Instant)
    }

    private struct Entry: Sendable {
        var host: CloudHost
        var standing = Standing.pending
        var vpcID = ""
        var backoff = Backoff(first: .seconds(5), cap: .seconds(300))
    }

    private var entries: [String: Entry] = [:]
    /// Nodes whose machines are no instances of EC2.
    private(set) var strangers: Set<String> = []
    /// Whether all nodes were listed.
    private(set) var isComplete = false

    // MARK: - Nodes

    /// Takes all nodes that there are.
    mutating func setNodes(_ nodes: [Node]) {
        let names = Set(nodes.map(\.name))
        for name in entries.keys where !names.contains(name) { entries[name] = nil }
        strangers.formIntersection(names)
        for node in nodes { setNode(node) }
        isComplete = true
    }

    /// Takes a node that is new or has changed; what is settled stays so unless its instance or addresses are others.
    mutating func setNode(_ node: Node) {
        guard let host = CloudHost(node) else {
            entries[node.name] = nil
            strangers.insert(node.name)
            return
        }
        strangers.remove(node.name)
        if entries[node.name]?.host != host { entries[node.name] = Entry(host: host) }
    }

    /// Takes away a node that is gone.
    mutating func removeNode(_ name: String) {
        entries[name] = nil
        strangers.remove(name)
    }

    // MARK: - What is to be done

    /// The nodes that are to be looked at.
    func due(at now: ContinuousClock.Instant) -> [String: CloudHost] {
        entries.compactMapValues { entry in
            switch entry.standing {
            case .pending: entry.host
            case .settled: nil
            case .failed(_, let again): again <= now ? entry.host : nil
            }
        }
    }

    /// The VPCs of the nodes that were settled.
    var vpcIDs: Set<String> { Set(entries.values.map(\.vpcID)).subtracting([""]) }

    // MARK: - What came of it

    /// The node's interfaces carry pods' packets, if it is still what it was when that was looked at.
    mutating func settle(_ name: String, _ host: CloudHost, vpcID: String) {
        guard entries[name]?.host == host else { return }
        entries[name]?.standing = .settled
        entries[name]?.vpcID = vpcID
        entries[name]?.backoff.reset()
    }

    /// The node could not be settled; true if that is news.
    ///
    /// - Parameter jitter: as in ``Backoff``; the same for all of one look, so that they are looked at together again.
    mutating func fail(
        _ name: String, _ host: CloudHost, _ reason: String, at now: ContinuousClock.Instant, jitter: Double
    ) -> Bool {
        guard let entry = entries[name], entry.host == host else { return false }
        let wait = entries[name]?.backoff.next(jitter: jitter) ?? .zero
        entries[name]?.standing = .failed(reason, again: now + wait)
        if case .failed(reason, _) = entry.standing { return false }
        return true
    }

    /// Somebody has turned a check on again: the nodes of these instances are looked at once more.
    mutating func recheck(_ isMeant: (CloudHost) -> Bool) {
        for (name, entry) in entries where entry.standing == .settled && isMeant(entry.host) {
            entries[name]?.standing = .pending
        }
    }

    // MARK: - How it stands

    /// How many nodes are instances of EC2.
    var count: Int { entries.count }
    /// How many of them are settled.
    var settledCount: Int { entries.values.count { $0.standing == .settled } }
    /// Why nodes could not be settled, by their names.
    var failures: [String: String] {
        entries.compactMapValues { entry in
            if case .failed(let reason, _) = entry.standing { reason } else { nil }
        }
    }
}
