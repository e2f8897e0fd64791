import Etcd
import FoundationEssentials
import KubernetesAPI
import Logging

/// Frees the hosts of nodes that are gone: from the API, and from life.
///
/// A lease that has ended says that nobody has heard of a node, which may run on; a node that is gone from the API may
/// be one that somebody deleted under a running agent. Only both together, and for a while, end a host.
actor HostWarden {
    private let kubernetes: KubernetesClient
    private let etcd: EtcdClient
    private let keys: HostKeys
    private let removal: HostRemoval
    private let events: EventRecorder
    private let board: DutyBoard
    private let logger: Logger
    private var census: HostCensus

    /// Between two looks at whose grace is over.
    private static let pause = Duration.seconds(1)

    /// What matters here of what etcd says of a host.
    private struct Record: Decodable {
        var kubernetes: [String: String]?

        enum CodingKeys: String, CodingKey {
            case kubernetes = "k8s_info"
        }
    }

    init(
        kubernetes: KubernetesClient, etcd: EtcdClient, prefix: String, grace: Duration, elected: ElectionGuard,
        events: EventRecorder, board: DutyBoard, logger: Logger
    ) {
        self.kubernetes = kubernetes
        self.etcd = etcd
        keys = HostKeys(prefix: prefix)
        removal = HostRemoval(elected: elected, etcd: etcd, keys: keys)
        census = HostCensus(grace: grace)
        self.events = events
        self.board = board
        self.logger = logger
    }

    /// Watches and frees until the task is cancelled or somebody else is elected.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await update in self.kubernetes.watch(Node.self) { await self.take(update) }
            }
            group.addTask {
                for await update in self.etcd.mirror(prefix: self.keys.hosts) { await self.takeHosts(update) }
            }
            group.addTask {
                for await update in self.etcd.mirror(prefix: self.keys.alive) { await self.takeAlive(update) }
            }
            await look()
            group.cancelAll()
        }
    }

    /// Frees whatever is due, until it may not any more.
    private func look() async {
        while (try? await Task.sleep(for: Self.pause)) != nil {
            guard census.isComplete else { continue }
            let due = census.due(at: .now)
            note()
            for name in due {
                do throws(DutyError) {
                    try await end(name)
                } catch {
                    if error.code == .cancelled { return }
                    logger.warning("\(error)")
                    if error.code == .deposed { return }
                    census.postpone(name)
                }
            }
        }
    }

    private func end(_ name: String) async throws(DutyError) {
        let node: Node?
        do {
            // The watch may be behind, and what is freed now is given to others in a moment.
            node = try await kubernetes.get(Node.self, ObjectKey(name: name))
        } catch {
            throw DutyError(error.code == .cancelled ? .cancelled : .other, "remove host \(name): \(error)")
        }
        guard node == nil else { return census.postpone(name) }
        let uid = census.hosts?[name]?.uid ?? ""
        switch try await removal.remove(name) {
        case .removed(let blocks):
            let message =
                "The node is gone and its agent is not alive: its host was removed, its \(blocks) blocks are free."
            logger.notice("host \(name) was removed with \(blocks) blocks: its node is gone and its agent not alive")
            events.record(
                KubernetesEvent(
                    .init(apiVersion: "v1", kind: "Node", ObjectMetadata(name: name, uid: uid)), kind: .normal,
                    reason: "HostRemoved", message: message))
            census.setHost(name, nil)
            board.change { $0?.hostsRemoved += 1 }
        case .missing: census.setHost(name, nil)
        case .alive: census.postpone(name)
        case .contended:
            logger.warning("remove host \(name): others keep on changing what is its own")
            census.postpone(name)
        }
        note()
    }

    private func note() {
        let (hosts, lost) = (census.hosts?.count ?? 0, census.lost.count)
        board.change {
            $0?.hosts = hosts
            $0?.lostHosts = lost
        }
    }

    // MARK: - What happens

    private func take(_ update: KubernetesWatch<Node>.Update) {
        switch update {
        case .snapshot(let nodes): census.setNodes(Set(nodes.map(\.name)))
        case .changes(let changes):
            for change in changes {
                if case .put(let node) = change {
                    census.setNode(node.name, isThere: true)
                } else {
                    census.setNode(change.key.name, isThere: false)
                }
            }
        }
        _ = census.due(at: .now)
    }

    private func takeHosts(_ update: EtcdMirror.Update) {
        switch update {
        case .snapshot(let keyValues, _):
            census.setHosts(
                Dictionary(keyValues.map { (name($0.key, keys.hosts), host($0)) }, uniquingKeysWith: { $1 }))
        case .changes(let changes, _):
            for change in changes {
                switch change {
                case .put(let keyValue): census.setHost(name(keyValue.key, keys.hosts), host(keyValue))
                case .delete(let key, _): census.setHost(name(key, keys.hosts), nil)
                }
            }
        }
    }

    private func takeAlive(_ update: EtcdMirror.Update) {
        switch update {
        case .snapshot(let keyValues, _): census.setAlive(Set(keyValues.map { name($0.key, keys.alive) }))
        case .changes(let changes, _):
            for change in changes {
                switch change {
                case .put(let keyValue): census.setAlive(name(keyValue.key, keys.alive), true)
                case .delete(let key, _): census.setAlive(name(key, keys.alive), false)
                }
            }
        }
    }

    private func name(_ key: String, _ prefix: String) -> String { String(key.dropFirst(prefix.count)) }

    private func host(_ keyValue: EtcdKeyValue) -> HostCensus.Host {
        let record = try? JSONDecoder().decode(Record.self, from: Data(keyValue.value))
        return HostCensus.Host(uid: record?.kubernetes?[Self.uidName] ?? "")
    }

    /// Under what a host's record has the id of the node that it was registered for.
    static let uidName = "uid"
}
