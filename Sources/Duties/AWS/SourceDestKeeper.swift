import AWS
import Deltas
import KubernetesAPI
import LinuxSystem
import Logging

/// Turns source/destination checks off, for all nodes that are due at a time, with as few calls as that takes.
actor SourceDestKeeper {
    /// How many interfaces AWS may refuse in a pass, as it does where a policy asks for tags, before it refuses them all.
    private static let mostDenials = 3

    private let service: any EC2Service
    private let timing: SourceDestTiming
    private let isDryRun: Bool
    private let events: EventRecorder
    private let board: DutyBoard
    private let logger: Logger
    private var ledger = SourceDestLedger()
    private var backoff: Backoff
    /// AWS is not asked before this time, since it failed.
    private var rest: ContinuousClock.Instant?
    private var rechecked: ContinuousClock.Instant?
    /// Why nobody looks whether checks were turned on again; nil when somebody does.
    private var blindness: String?

    init(
        service: any EC2Service, timing: SourceDestTiming, isDryRun: Bool, events: EventRecorder, board: DutyBoard,
        logger: Logger
    ) {
        self.service = service
        self.timing = timing
        self.isDryRun = isDryRun
        self.events = events
        self.board = board
        self.logger = logger
        backoff = Backoff(first: timing.firstWait, cap: timing.longestWait)
    }

    /// Takes what the API server says of nodes.
    func take(_ update: KubernetesWatch<Node>.Update) {
        switch update {
        case .snapshot(let nodes): ledger.setNodes(nodes)
        case .changes(let changes):
            for change in changes {
                if case .put(let node) = change { ledger.setNode(node) } else { ledger.removeNode(change.key.name) }
            }
        }
        note()
    }

    /// Looks at nodes until the task is cancelled.
    func run() async {
        while (try? await Task.sleep(for: timing.pause)) != nil, await look(at: .now) {}
    }

    /// Does what is due at a time; false when the task is cancelled.
    func look(at now: ContinuousClock.Instant) async -> Bool {
        guard ledger.isComplete, rest.map({ now >= $0 }) ?? true else { return true }
        let last = rechecked ?? now
        rechecked = last
        let settled = ledger.settledCount
        do throws(AWSError) {
            if let recheck = timing.recheck, last.duration(to: now) >= recheck {
                try await recheckAll()
                rechecked = now
                board.changeSourceDest { $0?.problem = blindness }
            }
            let due = ledger.due(at: now)
            guard !due.isEmpty || rest != nil else { return true }
            try await settle(due, at: now)
            backoff.reset()
            rest = nil
            board.changeSourceDest {
                $0?.problem = blindness
                $0?.lastPass = Clock.wallSeconds()
            }
        } catch {
            if error.code == .cancelled || Task.isCancelled { return false }
            // Whoever gets on, however slowly, is not refused.
            if ledger.settledCount > settled { backoff.reset() }
            let wait = backoff.next(jitter: .random(in: 0...1))
            rest = now + wait
            logger.warning("\(error); AWS is asked again in \(wait)")
            board.changeSourceDest { $0?.problem = error.description }
        }
        note()
        return true
    }

    // MARK: - Asking

    /// Asks which interfaces of the nodes' VPCs have the check on, in one call for each VPC, however many nodes.
    private func recheckAll() async throws(AWSError) {
        blindness = nil
        for vpcID in ledger.vpcIDs {
            let checked: [EC2NetworkInterface]
            do throws(AWSError) {
                checked = try await service.networkInterfaces(.init(vpcID: vpcID, sourceDestCheck: true))
            } catch {
                // A policy that leaves it out is no reason to let nodes wait that are new.
                guard error.code == .denied else { throw error }
                logger.warning("\(error); checks that somebody turns on again are not found")
                blindness = error.description
                return
            }
            let interfaces = Dictionary(grouping: checked) { $0.instanceID ?? "" }
            ledger.recheck { host in interfaces[host.instanceID]?.contains(where: host.carriesPods) ?? false }
        }
    }

    /// Turns off what is on at the nodes' interfaces.
    ///
    /// - Throws: when AWS cannot be asked; the nodes that were not settled are due as they were.
    private func settle(_ due: [String: CloudHost], at now: ContinuousClock.Instant) async throws(AWSError) {
        let instances = try await service.instances(ids: Array(Set(due.values.map(\.instanceID))))
        let known = Dictionary(instances.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let jitter = Double.random(in: 0...1)
        var failure: AWSError?
        var denials = 0
        for (name, host) in due.sorted(by: { $0.key < $1.key }) {
            let problem: String?
            do throws(AWSError) {
                problem = try await settle(name, host, known[host.instanceID], isBlocked: failure != nil)
            } catch {
                if error.code == .cancelled { throw error }
                problem = error.name.isEmpty ? "AWS cannot be asked" : "AWS says \(error.name)"
                switch error.code {
                case .notFound, .invalid: break
                case .denied where denials + 1 < Self.mostDenials: denials += 1
                case .denied: failure = error
                default:
                    // It is so for all, and the node stays due like the others.
                    failure = error
                    if let problem { tellFailure(name, host, problem) }
                    continue
                }
                logger.warning("node \(name): \(error)")
            }
            guard let problem else { continue }
            if ledger.fail(name, host, problem, at: now, jitter: jitter) { tellFailure(name, host, problem) }
        }
        if let failure { throw failure }
    }

    /// Turns off what is on at a node's interfaces.
    ///
    /// - Parameter isBlocked: whether AWS failed in this pass, so that nothing more is asked of it.
    /// - Returns: why the node cannot be settled; nil if it is, or must wait.
    private func settle(
        _ name: String, _ host: CloudHost, _ instance: EC2Instance?, isBlocked: Bool
    ) async throws(AWSError) -> String? {
        guard let instance else { return "EC2 knows no such instance in the region" }
        guard instance.state != .terminated, instance.state != .shuttingDown else { return "the instance ends" }
        let interfaces = instance.networkInterfaces.filter(host.carriesPods)
        guard !interfaces.isEmpty else { return "it has no interface that carries pods' packets" }
        for interface in interfaces where interface.sourceDestCheck {
            if isBlocked { return nil }
            try await service.setSourceDestCheck(false, ofNetworkInterface: interface.id)
            guard !isDryRun else {
                logger.notice("node \(name): the check of \(interface.id) would be turned off now (dry run)")
                continue
            }
            logger.notice("node \(name): the source/destination check of \(interface.id) is off")
            board.changeSourceDest { $0?.switched += 1 }
            tell(
                name, host, .normal, "SourceDestCheckDisabled",
                "The source/destination check of \(interface.id) on \(instance.id) is off: pods' packets pass.")
        }
        ledger.settle(name, host, vpcID: instance.vpcID)
        return nil
    }

    // MARK: - Telling

    private func tellFailure(_ name: String, _ host: CloudHost, _ problem: String) {
        tell(
            name, host, .warning, "SourceDestCheckFailed",
            "Pods on other nodes may not reach this one: the source/destination check of \(host.instanceID) could not be "
                + "turned off: \(problem).")
    }

    private func tell(
        _ name: String, _ host: CloudHost, _ kind: KubernetesEvent.Kind, _ reason: String, _ message: String
    ) {
        events.record(
            KubernetesEvent(
                .init(apiVersion: "v1", kind: "Node", ObjectMetadata(name: name, uid: host.uid)), kind: kind,
                reason: reason, message: message))
    }

    private func note() {
        let ledger = ledger
        board.changeSourceDest { report in
            report?.isComplete = ledger.isComplete
            report?.nodes = ledger.count
            report?.settled = ledger.settledCount
            report?.failures = ledger.failures
            report?.strangers = ledger.strangers.count
        }
    }
}
