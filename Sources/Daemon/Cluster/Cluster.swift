import Addresses
import Logging

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
    /// Hosts are placed one at a time, so that those of one daemon do not contend.
    let placing = Turnstile()

    /// How often a request tries again when another writer was ahead.
    static let attempts = 40
    /// How long an answer waits for its own change to show in the mirror.
    static let patience = Duration.seconds(1)

    /// Makes the work on `store` under the keys of `keys`.
    init(
        store: any ClusterStore, keys: ClusterKeys, serviceRanges: [IPPrefix] = [], metrics: Metrics, logger: Logger
    ) {
        self.serviceRanges = serviceRanges
        self.keys = keys
        self.store = store
        self.mirror = ClusterMirror(keys: keys, logger: logger)
        self.metrics = metrics
        self.logger = logger
    }

    /// Follows the store until the task is cancelled.
    func run() async {
        await mirror.follow(store)
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

    /// Whether a key still is as the mirror shows it, when an answer is to be given without a transaction to judge it;
    /// waits for the mirror when it is not.
    func confirmed(_ key: String, at revision: Int64) async throws(DaemonError) -> Bool {
        let seen = mirror.read { $0.reached }
        let entry = try await store.get(key)
        guard entry?.modRevision != revision else { return true }
        await learn(from: StoreOutcome(succeeded: false, revision: 0, values: entry.map { [$0] } ?? []), seen: seen)
        return false
    }

    /// Whether a refusal that rests on these hosts stands: each of them is in the store as the mirror shows it; waits for
    /// the mirror when one is not.
    func stands(onHosts names: [String]) async throws(DaemonError) -> Bool {
        for name in names where !name.isEmpty {
            let seen = mirror.read { $0.reached }
            let revision = mirror.read { $0.hosts[name]?.modRevision }
            let entry = try await store.get(keys.host(name))
            guard entry?.modRevision != revision else { continue }
            await learn(from: StoreOutcome(succeeded: false, revision: 0, values: entry.map { [$0] } ?? []), seen: seen)
            return false
        }
        return true
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
    func givenUp(_ doing: String) -> DaemonError {
        metrics.add(.exhausted)
        return DaemonError(.unavailable, "\(doing): other writers were ahead \(Self.attempts) times")
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
