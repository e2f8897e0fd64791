import Duties
import Etcd
import KubernetesAPI
import Logging

/// The agent's part in what is done for the whole cluster.
struct AgentDuties: Sendable {
    let settings: AgentSettings
    let kubernetes: KubernetesClient
    let etcd: EtcdClient
    let board: DutyBoard
    let logger: Logger

    /// Is a candidate for each duty until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            if settings.duties.isListener {
                let listener = Listener(
                    kubernetes: kubernetes, etcd: etcd, prefix: settings.etcdPrefix, host: settings.node,
                    honoursNamespaceIsolation: settings.duties.honoursNamespaceIsolation, board: board, logger: logger)
                let runner = DutyRunner(
                    listener, etcd: etcd, prefix: settings.etcdPrefix, candidate: settings.node, board: board,
                    logger: logger)
                group.addTask { await runner.run() }
            }
        }
    }
}
