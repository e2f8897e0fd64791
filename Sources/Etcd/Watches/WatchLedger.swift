/// What is known of every watch of a client, and what to tell etcd about them: no I/O, no clock, no lock.
///
/// One stream at a time carries all watches. A watch is identified to us by its number, to etcd by a server id that is
/// never used twice, so that nothing late can be taken for something else.
struct WatchLedger {
    typealias Request = Etcdserverpb_WatchRequest

    /// Undelivered changes, in bytes, at which a watch is given up at the server until its user has caught up.
    static let defaultBacklog = 8 * 1024 * 1024

    /// Where a watch stands with the server.
    enum Phase: Equatable {
        /// Not on the stream: there is none, or the watch is new.
        case waiting
        /// Asked for with this id, not confirmed.
        case asked(Int64)
        /// Confirmed with this id.
        case live(Int64)
        /// Taken off the stream because its user is slow.
        case paused
        /// Over; its failure is due to the user.
        case failed
    }

    struct Watch {
        let range: EtcdRange
        /// The first revision not yet delivered; 0 while etcd has not said what "now" is.
        var next: Int64
        var phase = Phase.waiting
        /// Changes that the user has not taken yet, up to ``next`` (exclusive).
        var events: [EtcdChange] = []
        var weight = 0
        /// Parts of an answer that is not complete yet.
        var fragments: [EtcdChange] = []
        /// How often etcd refused it for want of permission since it was last live.
        var refusals = 0
        var failure: EtcdError?
    }

    /// What follows from something that etcd said.
    struct Reaction {
        /// To be sent.
        var requests: [Request] = []
        /// Watches that have something for their users now.
        var ready: [UInt64] = []
        /// The stream's token is not accepted (any more): get a new one and open the stream anew.
        var needsNewToken = false
    }

    private(set) var watches: [UInt64: Watch] = [:]
    private var numbers: [Int64: UInt64] = [:]
    /// Watches asked for and not confirmed, in the order of asking, which is that of the confirmations.
    private var asked: [(serverID: Int64, number: UInt64)] = []
    private var lastNumber: UInt64 = 0
    private var lastServerID: Int64 = 0
    private var isStreaming = false
    private var cluster: UInt64 = 0
    private let backlog: Int
    /// Whether a refusal may be due to an old token.
    private let usesTokens: Bool

    init(backlog: Int = Self.defaultBacklog, usesTokens: Bool = false) {
        self.backlog = backlog
        self.usesTokens = usesTokens
    }

    // MARK: - The user's side

    /// Adds a watch; it comes with the request to send, if there is a stream.
    mutating func add(_ range: EtcdRange, from revision: Int64) -> (number: UInt64, requests: [Request]) {
        lastNumber += 1
        watches[lastNumber] = Watch(range: range, next: max(revision, 0))
        return (lastNumber, ask(lastNumber))
    }

    /// Forgets a watch.
    mutating func remove(_ number: UInt64) -> [Request] {
        guard let watch = watches.removeValue(forKey: number) else { return [] }
        return drop(watch.phase)
    }

    /// What a watch has for its user: changes, or else a failure, which is given once and ends the watch.
    mutating func take(
        _ number: UInt64
    ) -> (batch: EtcdWatch.Batch?, failure: EtcdError?, isKnown: Bool, requests: [Request]) {
        guard var watch = watches[number] else { return (nil, nil, false, []) }
        guard !watch.events.isEmpty else {
            if watch.failure != nil { watches[number] = nil }
            return (nil, watch.failure, true, [])
        }
        let batch = EtcdWatch.Batch(events: watch.events, revision: watch.next - 1)
        watch.events = []
        watch.weight = 0
        if watch.phase == .paused { watch.phase = .waiting }
        watches[number] = watch
        return (batch, nil, true, ask(number))
    }

    /// Whether changes of the watch arrive as they happen.
    func isLive(_ number: UInt64) -> Bool {
        if case .live = watches[number]?.phase { true } else { false }
    }

    // MARK: - The stream's side

    /// A position that a new stream would take up: one of the ranges and whether any watch has a position at all.
    var resumed: EtcdRange? { watches.values.first { $0.next > 0 && $0.phase != .failed }?.range }

    /// Compares the positions with what the cluster says now: if it is another, or an older state of it was restored,
    /// the positions mean nothing, and their users have to start again.
    mutating func compare(cluster: UInt64, revision: Int64) -> [UInt64] {
        let isOther = self.cluster != 0 && cluster != 0 && cluster != self.cluster
        if cluster != 0 { self.cluster = cluster }
        let lost = watches.filter { isOther ? $0.value.next > 0 : $0.value.next > Self.following(revision) }.keys
        for number in lost {
            fail(
                number, .compacted(revision),
                "etcd is at revision \(revision)\(isOther ? " of another cluster" : ", behind the watch")")
        }
        return Array(lost)
    }

    /// A stream is open: everything is asked for again.
    mutating func streamOpened() -> [Request] {
        isStreaming = true
        return watches.keys.sorted().flatMap { ask($0) }
    }

    /// The stream is gone, and with it all that was not complete.
    mutating func streamClosed() {
        isStreaming = false
        asked = []
        numbers = [:]
        for number in Array(watches.keys) {
            watches[number]?.fragments = []
            switch watches[number]?.phase {
            case .asked, .live: watches[number]?.phase = .waiting
            case .waiting, .paused, .failed, nil: break
            }
        }
    }

    /// Takes in what the server says.
    mutating func receive(_ response: Etcdserverpb_WatchResponse) -> Reaction {
        if response.header.clusterID != 0 { cluster = response.header.clusterID }
        if response.created { return confirm(response) }
        guard let number = numbers[response.watchID], let watch = watches[number] else { return Reaction() }
        if response.canceled {
            numbers[response.watchID] = nil
            return refuse(number, response)
        }
        return deliver(number, watch, response)
    }

    private mutating func confirm(_ response: Etcdserverpb_WatchResponse) -> Reaction {
        // A server that does not know our ids (before 3.4), or refuses one, answers with another: the order counts.
        guard !asked.isEmpty else { return Reaction() }
        let index = asked.firstIndex { $0.serverID == response.watchID } ?? 0
        let (askedID, number) = asked.remove(at: index)
        numbers[askedID] = nil
        guard var watch = watches[number], watch.phase == .asked(askedID) else {
            // Removed meanwhile; the cancellation that was sent named the id that we asked for.
            let isOurs = response.canceled || response.watchID == askedID
            return Reaction(requests: isOurs ? [] : [Self.cancellation(response.watchID)])
        }
        if response.canceled { return refuse(number, response) }
        watch.phase = .live(response.watchID)
        watch.refusals = 0
        if watch.next == 0 { watch.next = Self.following(response.header.revision) }
        watches[number] = watch
        numbers[response.watchID] = number
        return Reaction()
    }

    private mutating func refuse(_ number: UInt64, _ response: Etcdserverpb_WatchResponse) -> Reaction {
        let reason = response.cancelReason
        if response.compactRevision > 0 {
            fail(number, .compacted(response.compactRevision), "the changes from there on are gone")
            return Reaction(ready: [number])
        }
        if reason.hasSuffix("permission denied") || reason.hasSuffix("invalid auth token") {
            watches[number]?.refusals += 1
            watches[number]?.phase = .waiting
            if usesTokens, watches[number]?.refusals == 1 { return Reaction(needsNewToken: true) }
            fail(number, .authentication, reason)
            return Reaction(ready: [number])
        }
        fail(number, .other, reason.isEmpty ? "etcd cancelled the watch" : reason)
        return Reaction(ready: [number])
    }

    private mutating func deliver(
        _ number: UInt64, _ watch: Watch, _ response: Etcdserverpb_WatchResponse
    ) -> Reaction {
        var watch = watch
        guard !response.events.isEmpty || response.fragment else {
            // Progress: nothing up to this revision is still to come.
            if watch.fragments.isEmpty { watch.next = max(watch.next, Self.following(response.header.revision)) }
            watches[number] = watch
            return Reaction()
        }
        watch.fragments += response.events.lazy.map(EtcdChange.init).filter { $0.revision >= watch.next }
        // All but the last revision are complete in any case, the last if nothing more is announced.
        let newest = watch.fragments.last?.revision
        let open = response.fragment ? watch.fragments.drop { $0.revision != newest } : []
        let events = Array(watch.fragments.dropLast(open.count))
        watch.fragments = Array(open)
        guard let last = events.last else {
            watches[number] = watch
            return Reaction()
        }
        watch.next = max(watch.next, Self.following(last.revision))
        watch.weight += events.reduce(0) { $0 + $1.weight }
        if watch.events.isEmpty { watch.events = events } else { watch.events += events }
        var reaction = Reaction(ready: [number])
        if watch.weight > backlog {
            reaction.requests = drop(watch.phase)
            watch.phase = .paused
        }
        watches[number] = watch
        return reaction
    }

    // MARK: - Requests

    private mutating func ask(_ number: UInt64) -> [Request] {
        guard isStreaming, let watch = watches[number], watch.phase == .waiting, watch.failure == nil else { return [] }
        lastServerID += 1
        let id = lastServerID
        watches[number]?.phase = .asked(id)
        asked.append((id, number))
        numbers[id] = number
        var request = Request()
        (request.createRequest.key, request.createRequest.rangeEnd) = watch.range.bounds
        request.createRequest.startRevision = watch.next
        request.createRequest.watchID = id
        request.createRequest.progressNotify = true
        request.createRequest.fragment = true
        return [request]
    }

    /// Takes a watch off the stream.
    private mutating func drop(_ phase: Phase) -> [Request] {
        switch phase {
        case .asked(let id), .live(let id):
            numbers[id] = nil
            return isStreaming ? [Self.cancellation(id)] : []
        case .waiting, .paused, .failed:
            return []
        }
    }

    private static func cancellation(_ id: Int64) -> Request {
        var request = Request()
        request.cancelRequest.watchID = id
        return request
    }

    /// The next revision; whatever a server says, it is one that can be counted on from.
    private static func following(_ revision: Int64) -> Int64 { max(0, min(revision, .max - 1)) + 1 }

    private mutating func fail(_ number: UInt64, _ code: EtcdError.Code, _ message: String) {
        guard let watch = watches[number] else { return }
        watches[number]?.phase = .failed
        watches[number]?.fragments = []
        watches[number]?.failure = EtcdError(
            code: code, operation: "watch", key: watch.range.description, message: message)
    }
}
