import AWS
import Addresses
import Deltas
import Etcd
import FoundationEssentials
import LinuxSystem
import Logging
import VPCRoutes

/// Goes over the tables whenever there is a reason to: looks, plans, carries out, tells.
///
/// What is there is known from the last look at the tables and what was done since. Before anything is changed the
/// tables are looked at afresh, so that what somebody else did in between is seen.
actor VPCPass {
    let router: VPCRouter
    let survey: VPCSurvey
    let ward: HealthWard
    private let prober: Prober?
    let writer: VPCRouteWriter
    let keys: VPCKeys
    let logger: Logger
    var locator: VPCLocator
    private(set) var own: [RouteKey: OwnRoute] = [:]
    var tables: [VPCTable]?
    /// Tables with routes of ours that are not chosen any more, and those that do not exist any more.
    var withdrawn: [VPCTable] = []
    var vanished: Set<String> = []
    /// Tables that are named for us and do not exist.
    var absent: [String] = []
    var looked: ContinuousClock.Instant?
    private(set) var limits: [String: (limit: Int, since: ContinuousClock.Instant)] = [:]
    private(set) var subjects: Set<ProbeSubject> = []
    private var began: ContinuousClock.Instant?
    private var seen: (changes: Int, began: Bool) = (-1, false)
    /// Whether there are changed destinations that a pass which failed has not got to: they are no news any more.
    private var hasArrears = false
    private var retry: ContinuousClock.Instant?
    private var backoff = Backoff(first: .seconds(1), cap: .seconds(60))
    var report = VPCReport()
    var told = VPCReport()
    private(set) var findings: Set<RouteFinding> = []
    private var rehearsed: Set<RouteStep> = []

    /// For how long a look at the tables is fresh enough to act on.
    private static let freshness = Duration.seconds(1)
    /// After how long a table that was full is tried again.
    private static let patience = Duration.seconds(600)

    /// Begins with what is on record.
    init(
        _ router: VPCRouter, elected: ElectionGuard, survey: VPCSurvey, ward: HealthWard, prober: Prober?
    ) async throws(DutyError) {
        self.router = router
        self.survey = survey
        self.ward = ward
        self.prober = prober
        keys = VPCKeys(prefix: router.prefix)
        logger = router.logger
        writer = VPCRouteWriter(elected: elected, keys: keys, cloud: router.cloud, logger: router.logger)
        locator = VPCLocator(router.cloud, vpcID: router.settings.vpcID)
        report.holder = router.host
        report.since = Clock.wallSeconds()
        report.ignored = router.settings.ignored.map(\.description)
        report.checks = router.settings.checks.map { check in check.port.map { "tcp:\($0)" } ?? "icmpecho" }
        do {
            for keyValue in try await router.etcd.list(prefix: keys.routes).keyValues {
                guard let place = keys.place(keyValue.key),
                    let record = try? JSONDecoder().decode(VPCRouteRecord.self, from: Data(keyValue.value))
                else {
                    logger.warning("\(keyValue.key) is nothing that a vpcrouter writes, and is passed over")
                    continue
                }
                own[place] = record.route
            }
        } catch {
            throw DutyError(.other, "\(error)")
        }
    }

    /// Does what there is to do, if there is a reason to look.
    func run() async throws(DutyError) {
        guard await survey.isComplete else { return }
        let now = ContinuousClock.now
        await ask(at: now)
        guard isAsked(at: now) else { return }
        let changes = ward.now.changes
        let isStale = await survey.isStale
        let isNews = (isStale && !hasArrears) || changes != seen.changes
        let isDue = retry.map { $0 <= now } ?? true
        guard isNews || (isDue && (retry != nil || isLookDue(at: now))) else { return }
        seen.changes = changes
        retry = nil
        do throws(AWSError) {
            try await go(over: now)
            if retry == nil { backoff.reset() }
            if retry == nil { report.problem = prober?.problem }
        } catch {
            guard error.code != .cancelled else { throw DutyError(.cancelled, "\(error)") }
            failed(error)
        }
        hasArrears = retry == nil ? false : await survey.isStale
        await tell()
    }

    func failed(_ error: AWSError) {
        report.problem = "\(error)"
        report.isInSync = false
        report.failures[error.name.isEmpty ? "\(error.code)" : error.name, default: 0] += 1
        let pause = backoff.next(jitter: .random(in: 0...1))
        retry = .now + pause
        logger.warning("\(error); again in \(pause)")
    }

    /// Has new hosts asked.
    private func ask(at now: ContinuousClock.Instant) async {
        let all = await survey.subjects(router.settings.checks)
        guard all != subjects || began == nil else { return }
        subjects = all
        if began == nil { began = now }
        ward.change { $0.setSubjects(all) }
        prober?.setSubjects(all)
    }

    /// Whether everybody was asked once, or should have been: before that nothing is known of anybody.
    private func isAsked(at now: ContinuousClock.Instant) -> Bool {
        if seen.began { return true }
        guard let began else { return false }
        let longest = router.settings.checks.map { $0.interval * 2 + $0.patience }.max() ?? .zero
        seen.began = prober == nil || ward.now.isComplete || began.duration(to: now) > longest
        return seen.began
    }

    private func isLookDue(at now: ContinuousClock.Instant) -> Bool {
        guard let looked else { return true }
        return router.settings.recheck.map { looked.duration(to: now) >= $0 } ?? false
    }

    private func isFresh(at now: ContinuousClock.Instant) -> Bool {
        looked.map { $0.duration(to: now) < Self.freshness } ?? false
    }

    private func go(over now: ContinuousClock.Instant) async throws(AWSError) {
        limits = limits.filter { $0.value.since.duration(to: now) < Self.patience }
        let before = locator.targets
        do throws(AWSError) {
            var located = locator
            for call in try await located.locate(await survey.hosts, at: now) { count(call) }
            locator = located
        } catch {
            // Hosts that are known need not wait for those that are not.
            guard error.code != .cancelled, tables != nil else { throw error }
            failed(error)
        }
        if tables == nil || isLookDue(at: now) || before != locator.targets { try await look() }
        var plan = await plan()
        if plan.steps.contains(where: \.isCall), !isFresh(at: .now) {
            try await look()
            plan = await self.plan()
        }
        if router.settings.isDryRun {
            rehearse(plan)
        } else if !plan.steps.isEmpty {
            do throws(DutyError) {
                try await carryOut(plan)
                // What was done is found to be as it should, and is so on record.
                plan = await self.plan()
                let rest = plan.steps.filter { !$0.isCall }
                own = try await writer.record(rest, over: own, at: Clock.wallSeconds())
            } catch {
                // Either ends the duty; that etcd does not take a record is more than that somebody else was elected.
                logger.log(level: error.code == .deposed || error.code == .cancelled ? .info : .error, "\(error)")
                throw AWSError(.cancelled, "\(error)")
            }
        }
        report.isInSync = !plan.steps.contains(where: \.isCall)
        // Something has happened while this was carried out.
        if !report.isInSync, !router.settings.isDryRun, retry == nil { retry = .now }
        note(plan)
    }

    private func plan() async -> VPCPlan {
        let targets = locator.targets
        let (destinations, scattered) = await survey.destinations(subnets: targets.mapValues(\.subnet))
        var situation = VPCPlan.Situation()
        situation.destinations = destinations
        situation.tables = tables ?? []
        situation.own = own
        (situation.withdrawn, situation.vanished) = (withdrawn, vanished)
        situation.gone = locator.gone
        situation.targets = targets
        situation.ignored = router.settings.ignored
        situation.limit = router.settings.limit
        situation.limits = limits.mapValues(\.limit)
        situation.bounds = await survey.bounds
        let (book, now) = (ward.now, ContinuousClock.now)
        situation.standing = { host, family in
            let standing = book.standing(host, family, at: now)
            return (standing.grade, standing.reason)
        }
        if router.settings.checks.isEmpty { situation.standing = { _, _ in (.healthy, "it is not asked") } }
        let plan = VPCPlan(situation)
        findings = Set(plan.findings).union(scattered)
        if !absent.isEmpty { findings.insert(.absent(tables: absent)) }
        if let tables, let lack = TableSelection.lack(tables, router.settings) { findings.insert(lack) }
        return plan
    }

    private func carryOut(_ plan: VPCPlan) async throws(DutyError) {
        own = try await writer.record(plan.steps, over: own, at: Clock.wallSeconds())
        let outcome = await writer.carryOut(plan.steps)
        for step in outcome.done { took(step) }
        guard !outcome.failed.isEmpty else { return }
        for (step, error) in outcome.failed {
            report.failures[error.name.isEmpty ? "\(error.code)" : error.name, default: 0] += 1
            report.problem = "\(error)"
            count(Self.call(step))
            switch error.code {
            case .limit:
                if let table = tables?.first(where: { $0.id == step.key.table }) {
                    limits[table.id] = (table.count(step.key.prefix.family), .now)
                }
            case .notFound: if let host = step.host { locator.doubt(host) }
            default: break
            }
        }
        // What was thought to be there is not.
        looked = nil
        retry = .now + backoff.next(jitter: .random(in: 0...1))
    }

    /// Says what would be done, once.
    private func rehearse(_ plan: VPCPlan) {
        for step in plan.steps where !rehearsed.contains(step) {
            logger.notice("dry run: \(VPCRouteWriter.words(step))")
        }
        rehearsed = Set(plan.steps)
    }

    /// Takes in that a step was done.
    private func took(_ step: RouteStep) {
        count(Self.call(step))
        if let index = withdrawn.firstIndex(where: { $0.id == step.key.table }) {
            withdrawn[index].routes[step.key.prefix] = nil
        }
        guard let index = tables?.firstIndex(where: { $0.id == step.key.table }) else { return }
        switch step.action {
        case .create, .replace:
            guard let target = step.target else { return }
            if step.action == .replace { report.moves += 1 }
            tables?[index].routes[step.key.prefix] = TableRoute(step.key.prefix, .interface(target.interface))
        case .delete: tables?[index].routes[step.key.prefix] = nil
        case .adopt, .forget: break
        }
    }

    func count(_ call: String) { report.calls[call, default: 0] += 1 }

    private static func call(_ step: RouteStep) -> String {
        switch step.action {
        case .create: "CreateRoute"
        case .replace: "ReplaceRoute"
        default: "DeleteRoute"
        }
    }
}
