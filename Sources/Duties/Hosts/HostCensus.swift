/// Which hosts are registered, which of them are nodes of the API, and whose agents are alive.
///
/// A host has outlived its node when the API has no node of its name and no agent of its name is alive, for as long as
/// the grace lasts, without a break. Hosts that never were nodes of the API are nobody's business here.
struct HostCensus: Sendable {
    /// What is known of a registered host.
    struct Host: Sendable, Hashable {
        /// The id of the node that it was registered for; empty when it was registered otherwise.
        var uid: String
    }

    private(set) var nodes: Set<String>?
    private(set) var hosts: [String: Host]?
    private(set) var alive: Set<String>?
    private var lostSince: [String: ContinuousClock.Instant] = [:]
    /// How long a host is kept after that.
    let grace: Duration

    init(grace: Duration) {
        self.grace = grace
    }

    /// Whether everything was listed once.
    var isComplete: Bool { nodes != nil && hosts != nil && alive != nil }

    /// Hosts that have outlived their nodes, whether or not their grace is over.
    var lost: Set<String> {
        guard let nodes, let hosts, let alive else { return [] }
        // A cluster without any node is one that has lost its memory, or the wrong one.
        guard !nodes.isEmpty else { return [] }
        return Set(hosts.filter { !$0.value.uid.isEmpty && !nodes.contains($0.key) && !alive.contains($0.key) }.keys)
    }

    /// Those whose grace is over, in order; to be asked after every change and from time to time.
    mutating func due(at now: ContinuousClock.Instant) -> [String] {
        let lost = lost
        lostSince = lostSince.filter { lost.contains($0.key) }
        for name in lost where lostSince[name] == nil { lostSince[name] = now }
        return lostSince.filter { $0.value.duration(to: now) >= grace }.keys.sorted()
    }

    /// Has a host wait for the whole grace once more.
    mutating func postpone(_ name: String) { lostSince[name] = nil }

    // MARK: - What happens

    mutating func setNodes(_ names: Set<String>) { nodes = names }

    mutating func setNode(_ name: String, isThere: Bool) {
        if isThere { nodes?.insert(name) } else { nodes?.remove(name) }
        // However short it was there: its grace begins anew.
        if isThere { lostSince[name] = nil }
    }

    mutating func setHosts(_ all: [String: Host]) { hosts = all }

    mutating func setHost(_ name: String, _ host: Host?) { hosts?[name] = host }

    mutating func setAlive(_ names: Set<String>) { alive = names }

    mutating func setAlive(_ name: String, _ isAlive: Bool) {
        if isAlive { alive?.insert(name) } else { alive?.remove(name) }
        if isAlive { lostSince[name] = nil }
    }
}
