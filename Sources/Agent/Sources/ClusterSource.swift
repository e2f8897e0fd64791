import Addresses
import Etcd
import FoundationEssentials
import Logging
import Topology

/// Follows what etcd says of hosts, blocks and networks and hands the dataplane finished values.
///
/// Decoding and planning happen here, off the pod path; what does not decode is logged and left out, so that one bad
/// record never stops the rest.
actor ClusterSource {
    private let settings: AgentSettings
    private let etcd: EtcdClient
    private let inbox: DataplaneInbox
    private let memory: MemoryRelease
    private let logger: Logger

    private var plan: RoutePlan
    private var own: [IPPrefix: Int64] = [:]
    private var awaited: Set<Part> = [.topology, .hosts, .blocks]
    /// Whether the node's name, and with it the blocks, are its own for certain.
    private var isOwn = false
    private var hasSentBlocks = false
    /// The node's own blocks, until they are told.
    private var ownRecords: [IPPrefix: BlockRecord] = [:]
    private let hostTeller: AsyncStream<Void>.Continuation
    /// Tells of changes of the node's own host.
    nonisolated let hostNews: AsyncStream<Void>
    private var daemonAddresses: [String: String] = [:]
    private var registered: HostRecord?
    private var networks: [Network] = []
    private var sentNetworks: [Network]?

    /// What a daemon says of itself: the address and port that it serves on, and how.
    private struct Announcement: Decodable {
        var address: String
        var scheme: String?

        var url: String { "\(scheme ?? "http")://\(address)" }
    }

    /// What is mirrored from etcd.
    private enum Part: Sendable {
        case topology, hosts, blocks, daemons
    }

    init(
        settings: AgentSettings, etcd: EtcdClient, inbox: DataplaneInbox, memory: MemoryRelease, logger: Logger
    ) {
        self.settings = settings
        self.etcd = etcd
        self.inbox = inbox
        self.memory = memory
        self.logger = logger
        plan = RoutePlan(node: settings.node)
        (hostNews, hostTeller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Follows until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(self.settings.topologyKey, .topology) }
            group.addTask { await self.follow(self.settings.hostsPrefix, .hosts) }
            group.addTask { await self.follow(self.settings.blocksPrefix, .blocks) }
            group.addTask { await self.follow(self.settings.daemonsPrefix, .daemons) }
        }
    }

    /// Base addresses of the daemons that announce themselves, in a stable order.
    var daemons: [String] { daemonAddresses.sorted { $0.key < $1.key }.map(\.value) }

    /// The node's record as the cluster has it, once hosts are known.
    var host: (isKnown: Bool, record: HostRecord?) { (!awaited.contains(.hosts), registered) }

    /// Base addresses of all daemons: those that were named, those that announce themselves, and the Service, whose
    /// address takes a proxy that may not be there yet.
    func candidates() -> [String] {
        var seen: Set<String> = []
        return (settings.daemons + daemons + settings.serviceDaemons).filter { seen.insert($0).inserted }
    }

    /// Whether the first full list of everything has come, and the node's name is its own.
    var isInSync: Bool { awaited.isEmpty && isOwn }

    /// By which creation a write to one of our blocks is guarded; nil when the block is not ours.
    func createRevision(of block: IPPrefix) -> Int64? { isOwn ? own[block] : nil }

    /// Says whether the node's name is its own: blocks of that name are told of when it is.
    func setOwn(_ isOwn: Bool) {
        self.isOwn = isOwn
        sendOwnBlocks()
    }

    private func follow(_ prefix: String, _ part: Part) async {
        for await event in etcd.mirror(prefix: prefix) {
            switch event {
            case .snapshot(let keyValues, _):
                take(keyValues.map { .put($0) }, part)
                memory.release()
            case .changes(let changes, _):
                take(changes, part)
            }
        }
    }

    private func take(_ changes: [EtcdChange], _ part: Part) {
        for change in changes {
            switch part {
            case .topology: takeTopology(change)
            case .hosts: takeHost(change)
            case .daemons: takeDaemon(change)
            case .blocks:
                guard let (prefix, record) = takeBlock(change) else { continue }
                if hasSentBlocks { inbox.post(.ownBlock(prefix, record)) } else { ownRecords[prefix] = record }
            }
        }
        sendNetworks()
        if part == .daemons { inbox.post(.daemons(daemons)) }
        let routes = plan.takeChange()
        if !routes.isEmpty { inbox.post(.routes(routes)) }
        awaited.remove(part)
        sendOwnBlocks()
    }

    /// Tells of the node's own blocks, and that everything is known, once both are certain.
    private func sendOwnBlocks() {
        guard isInSync, !hasSentBlocks else { return }
        hasSentBlocks = true
        sendNetworks()
        inbox.post(.ownBlocks(Array(ownRecords.values)))
        ownRecords = [:]
        logger.info("in sync with etcd")
        inbox.post(.inSync)
    }

    private func takeTopology(_ change: EtcdChange) {
        guard change.key == settings.topologyKey else { return }
        guard case .put(let keyValue) = change, let document: TopologyDocument = decode(keyValue) else { return }
        networks = document.networks
        plan.setBlackouts(networks.flatMap(\.blackouts))
        inbox.post(.clusterPrefixes(networks.map(\.cidr)))
    }

    /// The node serves the networks that have a place for it: of others it would be granted no block.
    private func sendNetworks() {
        guard isOwn, let groups = registered?.groups else { return }
        let own = networks.filter { groups[$0.name] != nil }
        guard own != sentNetworks else { return }
        sentNetworks = own
        inbox.post(.networks(own))
    }

    private func takeHost(_ change: EtcdChange) {
        let name = String(change.key.dropFirst(settings.hostsPrefix.count))
        var record: HostRecord?
        if case .put(let keyValue) = change { record = decode(keyValue) }
        if name == settings.node {
            registered = record
            hostTeller.yield()
        } else {
            // Thousands of hosts have dozens of labels each, which no route needs.
            record?.tags = [:]
            record?.kubernetes = [:]
        }
        plan.setHost(name, record)
    }

    private func takeDaemon(_ change: EtcdChange) {
        switch change {
        case .put(let keyValue):
            guard let announcement: Announcement = decode(keyValue) else { return }
            daemonAddresses[keyValue.key] = announcement.url
        case .delete(let key, _):
            daemonAddresses[key] = nil
        }
    }

    /// A change of one of our own blocks, if it is one: nil as record when the block is not ours any more.
    private func takeBlock(_ change: EtcdChange) -> (IPPrefix, BlockRecord?)? {
        switch change {
        case .put(let keyValue):
            guard let record: BlockRecord = decode(keyValue) else { return nil }
            plan.setBlock(record.cidr, record)
            // What somebody else gives the addresses of is on the node and is routed to, but is not for pods.
            if record.host == settings.node, record.keeper.isEmpty {
                own[record.cidr] = keyValue.createRevision
                return (record.cidr, record)
            }
            return own.removeValue(forKey: record.cidr).map { _ in (record.cidr, nil) }
        case .delete(let key, _):
            let parts = key.dropFirst(settings.blocksPrefix.count).split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let prefix = IPPrefix(String(parts[1])) else { return nil }
            plan.setBlock(prefix, nil)
            return own.removeValue(forKey: prefix).map { _ in (prefix, nil) }
        }
    }

    private func decode<Record: Decodable>(_ keyValue: EtcdKeyValue) -> Record? {
        do {
            return try JSONDecoder().decode(Record.self, from: Data(keyValue.value))
        } catch {
            logger.error("read \(keyValue.key) of revision \(keyValue.modRevision): \(error)")
            return nil
        }
    }
}
