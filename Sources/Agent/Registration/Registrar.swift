import Addresses
import Deltas
import Etcd
import FoundationEssentials
import KubernetesAPI
import Logging
import Topology

/// Makes the node known to the cluster, under a name that is its own: says that it is alive, and registers its host.
///
/// Nobody's blocks are used before ``NameVerdict`` says that they are this node's.
actor Registrar {
    /// What the API knows of the node.
    enum NodeObject: Sendable, Equatable {
        /// There is no API.
        case none
        /// It has not said anything yet.
        case unknown
        /// It has no node of the name.
        case absent
        case present(Node)
    }

    let settings: AgentSettings
    let identity: NodeIdentity
    private let etcd: EtcdClient
    private let daemons: DaemonClient
    private let source: ClusterSource
    private let inbox: DataplaneInbox
    private let events: NodeEvents
    private let carried: @Sendable () -> [IPAddress]
    let logger: Logger

    /// What the API knows of the node.
    private(set) var node: NodeObject
    private var alive: EtcdKeyValue?
    private var isAliveKnown = false
    private var lease: Int64?
    /// Under which lease, with which addresses, the name was claimed.
    private var claim: (lease: Int64, addresses: [IPAddress])?
    private var verdict = NameVerdict.unknown
    /// The node's addresses; the first is the one that it is registered by.
    private var addresses: [IPAddress]
    /// The first addresses of hosts that were this node's.
    private var former: Set<IPAddress> = []
    private var known: HostRecord?
    private var asked: HostRegistration?
    private var backoff = Backoff(first: .seconds(1), cap: .seconds(60))
    private var nextAttempt: ContinuousClock.Instant = .now
    private var elsewhereSince: ContinuousClock.Instant?
    private let wake = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Seconds after which a silent agent counts as gone.
    static let timeToLive: Int64 = 15

    /// - Parameter carried: the addresses of the machine's links.
    init(
        settings: AgentSettings, identity: NodeIdentity, etcd: EtcdClient, daemons: DaemonClient,
        source: ClusterSource, inbox: DataplaneInbox, events: NodeEvents,
        carried: @escaping @Sendable () -> [IPAddress],
        logger: Logger
    ) {
        self.settings = settings
        self.identity = identity
        self.etcd = etcd
        self.daemons = daemons
        self.source = source
        self.inbox = inbox
        self.events = events
        self.carried = carried
        self.logger = logger
        node = settings.kubernetes == nil ? .none : .unknown
        addresses = settings.addresses
    }

    /// Whether the name is this node's, and etcd says that it is alive.
    var isClaimed: Bool {
        guard claim != nil, lease != nil else { return false }
        return verdict == .own || verdict == .free
    }

    /// Claims and registers until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await self.etcd.lease(seconds: Self.timeToLive).run { lease in
                    await self.hold(lease)
                    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
                    await self.hold(nil)
                }
            }
            group.addTask { await self.followAlive() }
            group.addTask { for await _ in self.source.hostNews { await self.look() } }
            group.addTask {
                while !Task.isCancelled {
                    await self.look()
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            for await _ in wake.stream { await settle() }
        }
    }

    /// Takes in what the API says of the node.
    func take(_ node: NodeObject) {
        self.node = node
        if case .present(let object) = node { events.setNode(uid: object.metadata.uid) }
        look()
    }

    /// Waits until the name is claimed, or the task is cancelled.
    func waitForClaim() async {
        while !isClaimed, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
    }

    private func look() { wake.continuation.yield() }

    private func hold(_ lease: Int64?) {
        self.lease = lease
        look()
    }

    /// Follows who is alive under the name; keys that only begin with it are others'.
    private func followAlive() async {
        for await update in etcd.mirror(prefix: settings.aliveKey) {
            switch update {
            case .snapshot(let keyValues, _): alive = keyValues.first { $0.key == settings.aliveKey }
            case .changes(let changes, _):
                for change in changes where change.key == settings.aliveKey {
                    if case .put(let keyValue) = change { alive = keyValue } else { alive = nil }
                }
            }
            isAliveKnown = true
            look()
        }
    }

    // MARK: - What follows from it

    /// Does whatever is to be done; the one place that does.
    private func settle() async {
        inbox.post(.reachable(.etcd, etcd.isConnected))
        let (isHostKnown, host) = await source.host
        let registration = registration
        if let registration {
            lookElsewhere(registration)
            await move(to: registration.addresses)
        }
        guard isHostKnown, isAliveKnown else { return }
        if let known, let host, known.groups != host.groups { tellMoves(from: known, to: host) }
        known = host
        let record = alive.flatMap { try? JSONDecoder().decode(AliveRecord.self, from: Data($0.value)) }
        let verdict = NameVerdict(
            .init(
                node: settings.node, identity: identity, addresses: addresses + former, host: host, alive: record))
        if verdict != self.verdict { await change(to: verdict) }
        guard verdict == .own || verdict == .free else { return }
        if verdict == .own, let first = host?.addresses.first { former.insert(first) }
        await claimName()
        if let registration {
            await register(registration, host)
        } else if host == nil {
            inbox.post(.supply(problem: "the API server has not told of node \(settings.node) yet"))
        }
    }

    /// What the cluster is to know; nil while the API has not said what it knows.
    private var registration: HostRegistration? {
        switch node {
        case .none: HostRegistration(settings, identity, node: nil, current: addresses, carried: carried)
        case .present(let node): HostRegistration(settings, identity, node: node, current: addresses, carried: carried)
        case .unknown, .absent: nil
        }
    }

    /// Tells of a node whose addresses are not those of this machine, once it has had time to get them.
    private func lookElsewhere(_ registration: HostRegistration) {
        guard case .present(let node) = node, !settings.hasGivenAddresses, !node.addresses.isEmpty,
            !node.addresses.contains(where: registration.addresses.contains)
        else {
            elsewhereSince = nil
            return
        }
        let since = elsewhereSince ?? .now
        elsewhereSince = since
        guard since.duration(to: .now) > .seconds(10) else { return }
        events.tell(
            NodeNotice(
                subject: .node, reason: .addressElsewhere,
                message: "No link of this machine has \(node.addresses.map(\.description).joined(separator: ", ")), "
                    + "so the node is reached at \(registration.addresses.map(\.description).joined(separator: ", ")).")
        )
    }

    private func move(to addresses: [IPAddress]) async {
        guard addresses != self.addresses else { return }
        logger.notice("node \(settings.node): its addresses are \(addresses) instead of \(self.addresses)")
        self.addresses = addresses
        inbox.post(.nodeAddresses(addresses))
    }

    private func change(to verdict: NameVerdict) async {
        self.verdict = verdict
        switch verdict {
        case .unknown: break
        case .waiting:
            inbox.post(.standing(problem: "what was said before the machine was started anew has not expired yet"))
        case .free, .own:
            inbox.post(.standing(problem: nil))
        case .taken(let sentence):
            logger.error("\(sentence)")
            inbox.post(.standing(problem: sentence))
            events.tell(NodeNotice(subject: .node, reason: .nameTaken, message: sentence))
        }
        await source.setOwn(verdict == .own)
    }

    /// Says that the node is alive, once under each lease: an agent that was replaced must not answer its successor.
    private func claimName() async {
        guard let lease else { return }
        let isOver = alive == nil
        guard isOver || claim?.lease != lease || claim?.addresses ?? [] != addresses else { return }
        let record = AliveRecord(
            addresses: addresses.map(\.description), version: AgentVersion.current, instance: identity.instance,
            machine: identity.machine.isEmpty ? nil : identity.machine)
        do {
            let value = try Array(JSONEncoder().encode(record))
            let outcome = try await etcd.commit(
                EtcdTransaction(
                    conditions: [.modRevision(settings.aliveKey, equals: alive?.modRevision ?? 0)],
                    then: [.put(key: settings.aliveKey, value: value, lease: lease)],
                    otherwise: [.get(settings.aliveKey)]))
            if outcome.succeeded {
                claim = (lease, addresses)
            } else if case .keyValues(let found)? = outcome.responses.first {
                alive = found.first
                look()
            }
        } catch {
            logger.warning("\(error)")
        }
    }

    /// Makes sure that the cluster knows the node as it is.
    private func register(_ registration: HostRegistration, _ host: HostRecord?) async {
        guard !registration.addresses.isEmpty, host.map({ !registration.isMet(by: $0) }) ?? isClaimed else { return }
        if asked != registration {
            asked = registration
            backoff.reset()
            nextAttempt = .now
        }
        guard nextAttempt <= .now else { return }
        nextAttempt = .now + .seconds(1)
        do throws(DaemonClient.Failure) {
            try await daemons.register(
                registration, besides: host?.kubernetes ?? [:], from: await source.candidates())
            inbox.post(.reachable(.daemon, true))
            inbox.post(.supply(problem: nil))
            logger.info("registered \(settings.node) with \(registration.addresses)")
            if let host, host.addresses.first != registration.addresses.first {
                events.tell(
                    NodeNotice(
                        subject: .node, kind: .normal, reason: .addressChanged,
                        message: "The node is reached at \(registration.addresses[0]) instead of \(host.ip)."))
            }
            backoff.reset()
        } catch {
            inbox.post(.reachable(.daemon, error.status != nil))
            inbox.post(.supply(problem: error.description))
            let isRefusal = error.status.map { $0 < 500 } ?? false
            let pause = backoff.next(jitter: .random(in: 0...1))
            nextAttempt = .now + (isRefusal ? pause : min(pause, .seconds(5)))
            guard isRefusal else { return }
            events.tell(
                NodeNotice(
                    subject: .node, reason: .notRegistered,
                    message: (host == nil ? "The node has no addresses for pods: " : "It stays as it was registered: ")
                        + error.description))
        }
    }

    private func tellMoves(from before: HostRecord, to host: HostRecord) {
        for network in Set(before.groups.keys).union(host.groups.keys).sorted() {
            let (from, to) = (before.groups[network], host.groups[network])
            guard from != to else { continue }
            let place = to.map { "from group \($0.path) (\($0.cidr))" } ?? "no more"
            let former = from.map { " instead of \($0.path) (\($0.cidr)); blocks that it has stay" } ?? ""
            let message = "The node takes new blocks of network \(network) \(place)\(former)."
            logger.notice("\(message)")
            events.tell(NodeNotice(subject: .node, kind: .normal, reason: .moved, message: message))
        }
    }
}
