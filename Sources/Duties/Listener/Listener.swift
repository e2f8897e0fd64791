public import Etcd
import FoundationEssentials
public import KubernetesAPI
import LinuxSystem
public import Logging
import Policies

/// The duty of keeping in etcd what the Kubernetes API says of policies, who is in the groups that they name, and which
/// nodes there are no more.
public struct Listener: Duty {
    /// What it is called.
    public static let dutyName = "listener"

    /// What it is called.
    public var name: String { Self.dutyName }

    let kubernetes: KubernetesClient
    let etcd: EtcdClient
    let keys: PolicyKeys
    let host: String
    let honoursNamespaceIsolation: Bool
    let prefix: String
    let hostGrace: Duration?
    let board: DutyBoard
    let logger: Logger

    /// A listener.
    ///
    /// - Parameters:
    ///   - kubernetes: whom it listens to.
    ///   - etcd: what it writes to.
    ///   - prefix: what all keys begin with: `/romana`.
    ///   - host: the node that it runs on, for the events that it tells.
    ///   - honoursNamespaceIsolation: whether the annotation of namespaces counts that came before NetworkPolicies.
    ///   - hostGrace: how long a host is kept whose node is gone from the API and whose agent is not alive; nil keeps
    ///     them for good.
    ///   - board: told what it does.
    ///   - logger: told what it does.
    public init(
        kubernetes: KubernetesClient, etcd: EtcdClient, prefix: String, host: String,
        honoursNamespaceIsolation: Bool = false, hostGrace: Duration? = .seconds(60), board: DutyBoard, logger: Logger
    ) {
        self.kubernetes = kubernetes
        self.etcd = etcd
        keys = PolicyKeys(prefix: prefix)
        self.host = host
        self.prefix = prefix
        self.hostGrace = hostGrace
        self.honoursNamespaceIsolation = honoursNamespaceIsolation
        self.board = board
        self.logger = logger
    }

    /// Listens and writes until the task is cancelled or somebody else is elected.
    public func run(_ elected: ElectionGuard) async {
        board.change { $0 = ListenerReport() }
        defer { board.change { $0 = nil } }
        let (news, teller) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let stored: StoredContent
        do {
            stored = try await StoredContent.read(etcd, keys)
        } catch {
            return logger.warning("\(error)")
        }
        for key in stored.strays { logger.warning("\(key) is nothing that a listener writes, and is taken away") }
        let view = ClusterView(stored, honoursNamespaceIsolation: honoursNamespaceIsolation, news: teller)
        let events = EventRecorder(kubernetes, component: "romana-listener", host: host)
        await withDiscardingTaskGroup { group in
            group.addTask { for await update in kubernetes.watch(Namespace.self) { await view.take(update) } }
            group.addTask { for await update in kubernetes.watch(PolicyObject.self) { await view.take(update) } }
            group.addTask { for await update in kubernetes.watch(Pod.self) { await view.take(update) } }
            group.addTask { await followPolicies(view) }
            group.addTask { await events.run() }
            if let hostGrace {
                let warden = HostWarden(
                    kubernetes: kubernetes, etcd: etcd, prefix: prefix, grace: hostGrace, elected: elected,
                    events: events, board: board, logger: logger)
                group.addTask { await warden.run() }
            }
            let writer = ListenerWriter(
                elected: elected, keys: keys, view: view, events: events, board: board, logger: logger)
            do throws(DutyError) {
                try await writer.run(news)
            } catch {
                if error.code != .cancelled { logger.warning("\(error)") }
            }
            group.cancelAll()
        }
    }

    /// Follows Romana's own policies, whose groups are kept like all others.
    private func followPolicies(_ view: ClusterView) async {
        for await update in etcd.mirror(prefix: keys.policies) {
            switch update {
            case .snapshot(let keyValues, _):
                await view.takeAll(keyValues.compactMap(policy))
            case .changes(let changes, _):
                for change in changes {
                    let id = String(change.key.dropFirst(keys.policies.count))
                    guard !id.hasPrefix(NetworkPolicy.idPrefix) else { continue }
                    switch change {
                    // One that cannot be read stays what it was: its groups may still be in use.
                    case .put(let keyValue): if let policy = policy(keyValue) { await view.take(id, policy) }
                    case .delete: await view.take(id, nil)
                    }
                }
            }
        }
    }

    private func policy(_ keyValue: EtcdKeyValue) -> Policy? {
        let id = String(keyValue.key.dropFirst(keys.policies.count))
        guard !id.hasPrefix(NetworkPolicy.idPrefix) else { return nil }
        do {
            guard case .romana(var policy) = try JSONDecoder().decode(StoredPolicy.self, from: Data(keyValue.value))
            else {
                logger.warning("\(keyValue.key) is a NetworkPolicy, which the listener alone may store")
                return nil
            }
            policy.id = id
            return policy
        } catch {
            logger.warning("read \(keyValue.key): \(error)")
            return nil
        }
    }
}
