import Addresses
import Etcd
import FoundationEssentials
import KubernetesAPI
import Logging
import Topology
import VPCRoutes

/// What the duty of routes in a VPC knows of the cluster: hosts, their blocks, whose agents are alive, which nodes the
/// API has.
actor VPCSurvey {
    /// What counts of a node here.
    struct NodeFacts: Hashable, Sendable {
        /// The instance that it is; nil when the API does not say.
        var instance: String?
        var isReady: Bool
    }

    private let keys: VPCKeys
    private let ward: HealthWard
    private let news: AsyncStream<Void>.Continuation
    private let logger: Logger
    private var map = DestinationMap()
    private var nodes: [String: NodeFacts]?
    private var alive: Set<String>?
    private var hasHosts = false
    private var hasBlocks = false
    private var hasTopology = false
    private var blocks: [String: IPPrefix] = [:]
    /// The addresses of each network, by its name.
    private(set) var bounds: [String: IPPrefix] = [:]

    init(keys: VPCKeys, hasKubernetes: Bool, ward: HealthWard, news: AsyncStream<Void>.Continuation, logger: Logger) {
        self.keys = keys
        self.ward = ward
        self.news = news
        self.logger = logger
        nodes = hasKubernetes ? nil : [:]
    }

    /// Whether every source has given its first full list.
    var isComplete: Bool { hasHosts && hasBlocks && hasTopology && alive != nil && nodes != nil }

    /// Whether destinations may have changed since they were last asked for.
    var isStale: Bool { map.isStale }

    /// The hosts by name, with what the API says of them.
    var hosts: [String: (record: HostRecord, node: NodeFacts?)] {
        map.knownHosts.reduce(into: [:]) { $0[$1.key] = ($1.value, nodes?[$1.key]) }
    }

    /// Where routes are to lead, and groups whose hosts are on several subnets.
    func destinations(subnets: [String: String]) -> (all: [Destination], scattered: [RouteFinding]) {
        map.setSubnets(subnets)
        return (
            map.destinations(),
            map.scatteredGroups().map { RouteFinding.scattered(group: $0.group, subnets: $0.subnets) }
        )
    }

    /// Everything that hosts are asked.
    func subjects(_ checks: [VPCRouterSettings.Check]) -> Set<ProbeSubject> {
        var subjects: Set<ProbeSubject> = []
        for (name, host) in map.knownHosts {
            for family in AddressFamily.allCases {
                guard let address = host.address(of: family) else { continue }
                for check in checks { subjects.insert(ProbeSubject(name, address, check.kind)) }
            }
        }
        return subjects
    }

    // MARK: - What happens

    func takeHosts(_ update: EtcdMirror.Update) {
        switch update {
        case .snapshot(let all, _):
            let names = Set(all.map { name($0.key, keys.hosts) })
            for gone in Set(map.knownHosts.keys).subtracting(names) { map.setHost(gone, nil) }
            for keyValue in all { put(keyValue) }
            hasHosts = true
        case .changes(let changes, _):
            for change in changes {
                switch change {
                case .put(let keyValue): put(keyValue)
                case .delete(let key, _):
                    map.setHost(name(key, keys.hosts), nil)
                    ward.change { $0.forget(name(key, keys.hosts)) }
                }
            }
        }
        witness()
        news.yield()
    }

    func takeBlocks(_ update: EtcdMirror.Update) {
        switch update {
        case .snapshot(let all, _):
            for gone in Set(blocks.keys).subtracting(all.map(\.key)) { removeBlock(gone) }
            for keyValue in all { putBlock(keyValue) }
            hasBlocks = true
        case .changes(let changes, _):
            for change in changes {
                switch change {
                case .put(let keyValue): putBlock(keyValue)
                case .delete(let key, _): removeBlock(key)
                }
            }
        }
        if map.isStale { news.yield() }
    }

    func takeAlive(_ update: EtcdMirror.Update) {
        var now = alive ?? []
        switch update {
        case .snapshot(let all, _): now = Set(all.map { name($0.key, keys.alive) })
        case .changes(let changes, _):
            for change in changes {
                switch change {
                case .put(let keyValue): now.insert(name(keyValue.key, keys.alive))
                case .delete(let key, _): now.remove(name(key, keys.alive))
                }
            }
        }
        alive = now
        witness()
        news.yield()
    }

    func takeTopology(_ update: EtcdMirror.Update) {
        let values: [EtcdKeyValue] =
            switch update {
            case .snapshot(let all, _): all
            case .changes(let changes, _):
                changes.compactMap { if case .put(let keyValue) = $0 { keyValue } else { nil } }
            }
        for keyValue in values where keyValue.key == keys.topology {
            do {
                let document = try JSONDecoder().decode(TopologyDocument.self, from: Data(keyValue.value))
                bounds = Dictionary(document.networks.map { ($0.name, $0.cidr) }, uniquingKeysWith: { $1 })
            } catch {
                logger.warning("read \(keyValue.key): \(error)")
            }
        }
        // Without the networks' bounds a plan would take folded routes apart.
        hasTopology = true
        news.yield()
    }

    func takeNodes(_ update: KubernetesWatch<Node>.Update) {
        var now = nodes ?? [:]
        switch update {
        case .snapshot(let all): now = Dictionary(all.map { ($0.name, Self.facts($0)) }, uniquingKeysWith: { $1 })
        case .changes(let changes):
            for change in changes {
                if case .put(let node) = change {
                    now[node.name] = Self.facts(node)
                } else {
                    now[change.key.name] = nil
                }
            }
        }
        // A node says that it lives every few seconds, which changes nothing here.
        guard now != nodes else { return }
        nodes = now
        witness()
        news.yield()
    }

    private func put(_ keyValue: EtcdKeyValue) {
        do {
            let record = try JSONDecoder().decode(HostRecord.self, from: Data(keyValue.value))
            map.setHost(name(keyValue.key, keys.hosts), record)
        } catch {
            logger.warning("read \(keyValue.key): \(error)")
        }
    }

    private func putBlock(_ keyValue: EtcdKeyValue) {
        do {
            let record = try JSONDecoder().decode(BlockRecord.self, from: Data(keyValue.value))
            blocks[keyValue.key] = record.cidr
            map.setBlock(record.cidr, record)
        } catch {
            logger.warning("read \(keyValue.key): \(error)")
        }
    }

    private func removeBlock(_ key: String) {
        if let cidr = blocks.removeValue(forKey: key) { map.setBlock(cidr, nil) }
    }

    /// Tells the ward what leases and nodes say.
    private func witness() {
        let (names, alive, nodes) = (map.knownHosts.keys, alive, nodes)
        ward.change { book in
            for name in names {
                book.setAlive(name, alive.map { $0.contains(name) })
                book.setReady(name, nodes?[name]?.isReady)
            }
            book.judge(at: .now)
        }
    }

    private static func facts(_ node: Node) -> NodeFacts {
        NodeFacts(instance: CloudHost.instanceID(node.providerID), isReady: node.isReady)
    }

    private func name(_ key: String, _ prefix: String) -> String { String(key.dropFirst(prefix.count)) }
}
