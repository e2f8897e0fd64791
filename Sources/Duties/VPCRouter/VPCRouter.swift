public import AWS
public import Etcd
public import KubernetesAPI
import LinuxSystem
public import Logging
import VPCRoutes

/// The duty of keeping routes to prefix groups in the route tables of a VPC, towards nodes that are alive.
public struct VPCRouter: Duty {
    /// What it is called.
    public static let dutyName = "vpcrouter"

    /// What it is called.
    public var name: String { Self.dutyName }

    let settings: VPCRouterSettings
    let cloud: any EC2Service
    let kubernetes: KubernetesClient?
    let etcd: EtcdClient
    let prefix: String
    let host: String
    let board: DutyBoard
    let logger: Logger

    /// A router.
    ///
    /// - Parameters:
    ///   - settings: what it is told.
    ///   - cloud: whose tables they are.
    ///   - kubernetes: who says which instance each node is, and whether it is ready; without it the VPC must be given.
    ///   - etcd: where hosts and blocks are, and where it keeps its records.
    ///   - prefix: what all keys begin with: `/romana`.
    ///   - host: the node that it runs on.
    ///   - board: told what it does.
    ///   - logger: told what it does.
    public init(
        _ settings: VPCRouterSettings, cloud: any EC2Service, kubernetes: KubernetesClient?, etcd: EtcdClient,
        prefix: String, host: String, board: DutyBoard, logger: Logger
    ) {
        self.settings = settings
        self.cloud = cloud
        self.kubernetes = kubernetes
        self.etcd = etcd
        self.prefix = prefix
        self.host = host
        self.board = board
        self.logger = logger
    }

    /// Keeps the routes until the task is cancelled or somebody else is elected.
    public func run(_ elected: ElectionGuard) async {
        let keys = VPCKeys(prefix: prefix)
        let (news, teller) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let ward = HealthWard(own: host, news: teller)
        let survey = VPCSurvey(
            keys: keys, hasKubernetes: kubernetes != nil, ward: ward, news: teller, logger: logger)
        let prober: Prober?
        do {
            prober =
                try settings.checks.isEmpty
                ? nil
                : Prober(settings.checks, logger: logger) { ward.note(answered: $0, missed: $1, at: $2) }
            try prober?.start()
        } catch {
            return logger.error("ask hosts: \(error)")
        }
        defer { prober?.end() }
        let pass: VPCPass
        do throws(DutyError) {
            pass = try await VPCPass(self, elected: elected, survey: survey, ward: ward, prober: prober)
        } catch {
            return logger.warning("\(error)")
        }
        defer { board.changeVPCRouter { $0 = nil } }
        await withDiscardingTaskGroup { group in
            group.addTask { for await update in etcd.mirror(prefix: keys.hosts) { await survey.takeHosts(update) } }
            group.addTask { for await update in etcd.mirror(prefix: keys.blocks) { await survey.takeBlocks(update) } }
            group.addTask { for await update in etcd.mirror(prefix: keys.alive) { await survey.takeAlive(update) } }
            group.addTask {
                for await update in etcd.mirror(prefix: keys.topology) { await survey.takeTopology(update) }
            }
            if let kubernetes {
                group.addTask { for await update in kubernetes.watch(Node.self) { await survey.takeNodes(update) } }
            }
            group.addTask {
                // Time is news, too: tables are looked at again, calls that failed are made again.
                while (try? await Task.sleep(for: .seconds(1))) != nil { teller.yield() }
            }
            do throws(DutyError) {
                for await _ in news {
                    // What is known of hosts gets old: somebody else may do better.
                    if prober?.hasFailed ?? false { break }
                    try await pass.run()
                }
            } catch {
                if error.code != .cancelled { logger.warning("\(error)") }
            }
            group.cancelAll()
        }
    }
}
