import AWS
import Duties
import Etcd
import KubernetesAPI
import Logging

/// An agent's part in what is done for the whole cluster.
struct AgentDuties: Sendable {
    let settings: DutySettings
    /// What a daemon is started with, where that is a duty.
    let daemon: DaemonDuty.Source?
    /// What the duties in AWS are told, where there are any.
    let cloud: CloudSettings?
    let candidate: String
    let prefix: String
    /// Where the Kubernetes API is; without it there is no listener.
    let kubernetes: KubernetesClient?
    let etcd: EtcdClient
    let board: DutyBoard
    let logger: Logger

    /// Is a candidate for each duty until the task is cancelled.
    func run() async {
        // One for all, so that duties share what AWS puts up with.
        let client = cloud.map { EC2Client($0.aws, logger: logger) }
        if let client { board.setCalls { client.counts } }
        defer { client?.shutdown() }
        await withDiscardingTaskGroup { group in
            if settings.isVPCRouter, let cloud {
                let server = VPCStatusServer(settings: cloud, board: board, logger: logger)
                group.addTask { await server.run() }
            }
            for duty in duties(client) {
                let runner = DutyRunner(
                    duty, etcd: etcd, prefix: prefix, candidate: candidate, board: board, logger: logger)
                group.addTask { await runner.run() }
            }
        }
    }

    private func duties(_ client: EC2Client?) -> [any Duty] {
        var duties: [any Duty] = []
        if settings.isListener, let kubernetes {
            duties.append(
                Listener(
                    kubernetes: kubernetes, etcd: etcd, prefix: prefix, host: candidate,
                    honoursNamespaceIsolation: settings.honoursNamespaceIsolation, hostGrace: settings.hostGrace,
                    board: board, logger: logger))
        }
        if let daemon { duties.append(DaemonDuty(source: daemon, logger: logger)) }
        if settings.isSourceDestCheck, let kubernetes, let cloud, let client {
            duties.append(
                SourceDestCheckDuty(
                    kubernetes: kubernetes, service: client, host: candidate, timing: cloud.sourceDest,
                    isDryRun: client.isDryRun, board: board, logger: logger))
        }
        if settings.isVPCRouter, let cloud, let client {
            // A carrier of duties alone is no node, but it runs on one.
            let host = candidate.split(separator: ":", maxSplits: 1).first.map(String.init) ?? candidate
            duties.append(
                VPCRouter(
                    cloud.vpcRouter, cloud: client, kubernetes: kubernetes, etcd: etcd, prefix: prefix, host: host,
                    board: board, logger: logger))
        }
        return duties
    }
}
