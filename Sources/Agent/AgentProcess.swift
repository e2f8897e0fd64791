import Duties
import Etcd
import HTTPTransfer
import KubernetesAPI
import LinuxSystem
import Logging
import Netlink
import Nftables
import ServiceLifecycle

/// The agent as a whole: builds the parts, starts the threads, runs the sources until it is told to end.
struct AgentProcess: Service {
    let settings: AgentSettings
    let logger: Logger

    /// Runs until the task is cancelled or a graceful shutdown begins.
    ///
    /// Running pods are left as they are.
    func run() async throws {
        let inbox = try DataplaneInbox()
        let (needs, needsEnd) = NodeNeeds.make()
        let board = DutyBoard()
        let installation = InstallationBoard()
        let state = NodeState(inbox: inbox, board: board, installation: installation, logger: logger)
        let thread = try startDataplane(inbox, needsEnd, state)
        let etcd = EtcdClient(settings.etcd, logger: logger)
        let memory = MemoryRelease()
        let source = ClusterSource(settings: settings, etcd: etcd, inbox: inbox, memory: memory, logger: logger)
        let transfer = HTTPClient()
        let daemons = DaemonClient(client: transfer, access: settings.daemonAccess)
        let supply = BlockSupply(
            settings: settings, etcd: etcd, daemons: daemons, source: source, inbox: inbox, logger: logger)
        let kubernetes = settings.kubernetes.map {
            KubernetesClient($0, agent: "romana-agent/\(AgentVersion.current)", logger: logger)
        }
        let events = NodeEvents(kubernetes, node: settings.node)
        let registrar = Registrar(
            settings: settings, identity: .current(machine: settings.machine), etcd: etcd, daemons: daemons,
            source: source, inbox: inbox, events: events,
            carried: { (try? KernelNetwork().addresses(interface: nil).map(\.address)) ?? [] }, logger: logger)
        // Longer than all the rest: whoever ends gives his leases back.
        let connection = EtcdConnection(etcd)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await connection.endSoonAfterCancellation() }
                let duties = AgentDuties(
                    settings: settings.duties, daemon: settings.daemon, cloud: settings.cloud, candidate: settings.node,
                    prefix: settings.etcdPrefix, kubernetes: kubernetes, etcd: etcd, board: board, logger: logger)
                group.addTask { await memory.run() }
                group.addTask {
                    // Two of one name would take each other's candidacies away.
                    await registrar.waitForClaim()
                    await duties.run()
                }
                if let kubernetes {
                    group.addTask {
                        await NodeSource(node: settings.node, client: kubernetes, registrar: registrar).run()
                    }
                    group.addTask {
                        await NodeStatus(node: settings.node, client: kubernetes, registrar: registrar, logger: logger)
                            .run(needsEnd.problems)
                    }
                }
                group.addTask { await events.run() }
                group.addTask { for await notice in needsEnd.notices { events.tell(notice) } }
                group.addTask { await registrar.run() }
                group.addTask { await source.run() }
                group.addTask { await supply.run(needs) }
                if settings.policy.isEnforced {
                    group.addTask {
                        await PolicySource(
                            settings: settings, etcd: etcd, inbox: inbox, memory: memory, logger: logger
                        ).run(needsEnd.groups)
                    }
                }
                if let kubernetes {
                    group.addTask { await PodSource(settings: settings, client: kubernetes, inbox: inbox).run() }
                }
                if let wanted = settings.installation {
                    group.addTask {
                        await InstallationKeeper(
                            settings: wanted, inbox: inbox, board: installation,
                            tellRivals: { sentence in
                                guard let sentence else { return }
                                events.tell(
                                    NodeNotice(subject: .node, reason: .otherConfiguration, message: sentence))
                            }, logger: logger
                        ).run()
                    }
                }
                if settings.metricsPort > 0 {
                    group.addTask {
                        await HealthServer(settings: settings, state: state, logger: logger).run()
                    }
                }
            }
        }
        await connection.end()
        kubernetes?.shutdown()
        inbox.post(.stop)
        thread.join()
        transfer.shutdown()
        logger.info("ended; running pods are left as they are")
    }

    /// Pods that start at once compete with this thread for the processor and all wait for it: it goes first.
    private func preferDataplane() {
        do {
            try NamedThread.setNiceness(-15)
        } catch {
            logger.notice("dataplane runs at common priority: \(error)")
        }
    }

    /// Recovers the node's state on the dataplane thread, and only then opens the socket.
    private func startDataplane(
        _ inbox: DataplaneInbox, _ needs: NodeNeeds, _ state: NodeState
    ) throws -> NamedThread {
        try FileSystem.makeDirectory(settings.runDirectory, mode: 0o700)
        let settings = settings
        let logger = logger
        let reaper = try LinkReaper(fault: ProcessEnvironment.value("ROMANA_FAULT")) {
            inbox.post(.reaped(links: $0, problem: $1))
        }
        return try NamedThread.start(name: "romana-data") {
            preferDataplane()
            do {
                // Open as long as the process lives, for coming back from the pods' namespaces.
                let home = try NetworkNamespace.current().release()
                let identity = try NetworkNamespace.identity(home)
                let host = try KernelNetwork()
                let sweeper = try ConnectionSweeper(logger: logger)
                var sysctls = try NodeSysctls(runDirectory: settings.runDirectory, logger: logger)
                let dataplane = Dataplane(
                    settings: settings, host: host,
                    policy: PolicyTable(
                        settings: settings.policy, kernel: try KernelNft(table: PolicyObjects.table)),
                    journal: try Journal(
                        path: "\(settings.runDirectory)/\(Journal.fileName)", rest: settings.cooldown,
                        now: Clock.monotonicNanoseconds()), reaper: reaper, needs: needs,
                    ownIdentity: "\(identity.device):\(identity.inode)",
                    faults: FaultPoint(ProcessEnvironment.value("ROMANA_FAULT")), logger: logger,
                    forward: { sysctls.forward($0) },
                    forget: { addresses, policies in
                        if let policies { sweeper.sweep(addresses, policies) } else { sweeper.drop(addresses) }
                    },
                    admitMappings: { attachment, addresses in
                        sysctls.admitLoopback(on: attachment.veth)
                        sweeper.claim(attachment.portMappings, of: addresses)
                    },
                    openSandbox: { (namespace: Int32) throws(NetlinkError) -> any NetworkKernel in
                        try host.opened(in: namespace, home: home)
                    })
                try dataplane.recover(now: Clock.monotonicNanoseconds())
                try reaper.start()
                try sweeper.start()
                try KernelWatch(inbox: inbox, logger: logger).start()
                let server = try CNIServer(path: settings.socketPath, owner: ProcessIdentity.user, logger: logger)
                let loop = try DataplaneLoop(
                    dataplane: dataplane, inbox: inbox, server: server, tellState: { state.tell($0, to: $1) })
                logger.info("serving CNI on \(settings.socketPath)")
                try loop.run()
            } catch {
                // Without its dataplane the agent is of no use; the supervisor starts it anew, pods stay as they are.
                logger.critical("dataplane: \(error)")
                ProcessIdentity.exit(1)
            }
        }
    }
}
