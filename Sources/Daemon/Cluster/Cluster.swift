import Addresses
import Logging
import Topology

/// The daemon's work: hosts, blocks and topology over one store.
///
/// Any number of these may work on one store at once; each decides on its mirror and lets a transaction judge.
final class Cluster: Sendable {
    /// What is kept where.
    let keys: ClusterKeys
    /// The judge.
    let store: any ClusterStore
    /// The cluster's ranges of service addresses, which no network may overlap.
    let serviceRanges: [IPPrefix]
    /// What is known.
    let mirror: ClusterMirror
    /// What is counted.
    let metrics: Metrics
    /// Where it is told.
    let logger: Logger
    /// What operators should know of.
    let events = EventLog()
    /// Requests for blocks, many to a transaction.
    let grants: GroupCommit<GrantAsk, Grant>
    /// Hosts that announce themselves, many to a transaction.
    let registrations: GroupCommit<HostAsk, HostRecord>
    /// Whether other daemons are in the way.
    let contention = Contention()
    /// The name under which this daemon is listed; nil when it is not.
    let ownName: String?

    /// How often a request tries again when another writer was ahead.
    static let attempts = 40
    /// How long an answer waits for its own change to show in the mirror.
    static let patience = Duration.seconds(1)

    /// Makes the work on `store` under the keys of `keys`.
    init(
        store: any ClusterStore, keys: ClusterKeys, serviceRanges: [IPPrefix] = [], ownName: String? = nil,
        metrics: Metrics, logger: Logger
    ) {
        self.ownName = ownName
        grants = GroupCommit { ask in Self.givenUp("grant a block to host \(ask.host)", metrics) }
        registrations = GroupCommit { ask in Self.givenUp("add host \(ask.request.name)", metrics) }
        self.serviceRanges = serviceRanges
        self.keys = keys
        self.store = store
        self.mirror = ClusterMirror(keys: keys, logger: logger)
        self.metrics = metrics
        self.logger = logger
    }

    /// Follows the store and serves requests that are committed in groups, until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.mirror.follow(self.store) }
            group.addTask { await self.serveGrants() }
            group.addTask { await self.serveRegistrations() }
        }
    }

    /// Waits until the mirror shows what a transaction did, so that whoever asks next sees it.
    func show(_ outcome: StoreOutcome, of transaction: StoreTransaction) async {
        let keys = transaction.then.compactMap(\.changedKey)
        await show(
            outcome.revision,
            in: ClusterPart.allCases.filter { part in keys.contains { part.range(self.keys).contains($0) } })
    }

    /// Waits until the mirror shows what was changed in each of `parts` at `revision`; gives up quietly after
    /// `patience`, since the change stands either way.
    func show(_ revision: Int64, in parts: [ClusterPart]) async {
        let isShown = await mirror.wait(atMost: Self.patience) { state in
            for part in parts where !state.hasReached(part, revision) { return false }
            return true
        }
        if !isShown { logger.warning("the mirror is behind", metadata: ["revision": "\(revision)"]) }
    }

    /// Counts a refused transaction and waits until the mirror knows why it was refused.
    ///
    /// Every condition is about a key of a mirrored part or was read back, so the news is on its way: up to the
    /// revision of the keys that were read back, or else past `seen`, what was known when the transaction was made.
    func learn(from outcome: StoreOutcome, seen: [ClusterPart: Int64]) async {
        metrics.add(.conflicts)
        let newest = outcome.values.reduce(into: [ClusterPart: Int64]()) { newest, entry in
            for part in ClusterPart.allCases where part.range(keys).contains(entry.key) {
                newest[part] = max(newest[part] ?? 0, entry.modRevision)
            }
        }
        let isAhead = newest.contains { part, revision in revision > seen[part] ?? 0 }
        await mirror.wait(atMost: .milliseconds(250)) { state in
            for (part, revision) in newest where !state.hasReached(part, revision) { return false }
            if isAhead { return true }
            return ClusterPart.allCases.contains { state.reached[$0] ?? 0 > seen[$0] ?? 0 }
        }
    }

    /// The error of a request that was refused `attempts` times.
    func givenUp(_ doing: String) -> DaemonError { Self.givenUp(doing, metrics) }

    private static func givenUp(_ doing: String, _ metrics: Metrics) -> DaemonError {
        metrics.add(.exhausted)
        return DaemonError(.unavailable, "\(doing): other writers were ahead \(attempts) times")
    }
}

extension StoreRange {
    /// Whether the range has `key` in it.
    func contains(_ key: String) -> Bool {
        switch self {
        case .key(let only): key == only
        case .prefix(let prefix): key.hasPrefix(prefix)
        }
    }
}
