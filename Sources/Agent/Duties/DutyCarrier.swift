import Duties
import Etcd
import KubernetesAPI
import Logging
import ServiceLifecycle

/// An agent that carries duties only: no dataplane, no CNI, nothing of the node is touched.
struct DutyCarrier: Service {
    let settings: CarrierSettings
    let logger: Logger

    /// Runs until the task is cancelled or a graceful shutdown begins.
    func run() async throws {
        let etcd = EtcdClient(settings.etcd, logger: logger)
        let kubernetes = settings.kubernetes.map {
            KubernetesClient($0, agent: "romana-agent/\(AgentVersion.current)", logger: logger)
        }
        let board = DutyBoard()
        let duties = AgentDuties(
            settings: settings.duties, daemon: settings.daemon, cloud: settings.cloud, candidate: settings.candidate,
            prefix: settings.etcdPrefix, kubernetes: kubernetes, etcd: etcd, board: board, logger: logger)
        let connection = EtcdConnection(etcd)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await connection.endSoonAfterCancellation() }
                group.addTask { await duties.run() }
                if settings.metricsPort > 0 {
                    group.addTask {
                        await CarrierHealth(settings: settings, etcd: etcd, board: board, logger: logger).run()
                    }
                }
            }
        }
        await connection.end()
        kubernetes?.shutdown()
        logger.info("ended")
    }
}
