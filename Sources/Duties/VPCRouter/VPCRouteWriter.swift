import AWS
import Addresses
import Etcd
import FoundationEssentials
import LinuxSystem
import Logging
import VPCRoutes

/// Carries out what plans say: on record first, then by the cloud.
struct VPCRouteWriter: Sendable {
    let elected: ElectionGuard
    let keys: VPCKeys
    let cloud: any EC2Service
    let logger: Logger

    /// Operations in one transaction; etcd takes 128 with their conditions.
    private static let most = 100

    /// What came of steps that call the cloud.
    struct Outcome: Sendable {
        var done: [RouteStep] = []
        var failed: [(step: RouteStep, error: AWSError)] = []
    }

    /// Writes what is to be on record before the cloud is asked; gives the records as they are then.
    ///
    /// - Throws: `deposed` when somebody else is elected: nothing is to be done then.
    func record(
        _ steps: [RouteStep], over own: [RouteKey: OwnRoute], at now: Int64
    ) async throws(DutyError) -> [RouteKey: OwnRoute] {
        var own = own
        var operations: [EtcdTransaction.Operation] = []
        for step in steps {
            let key = keys.route(step.key)
            switch step.action {
            case .create, .replace, .adopt:
                guard let host = step.host, let target = step.target else { continue }
                let before = own[step.key]
                let isSame = before?.host == host && before?.interface == target.interface
                let route = OwnRoute(
                    host: host, interface: target.interface, former: step.action == .replace ? step.former : nil,
                    since: isSame ? before?.since ?? now : now, reason: step.reason, purpose: step.purpose)
                own[step.key] = route
                operations.append(.put(key: key, value: Self.bytes(VPCRouteRecord(step.key, route))))
            case .forget:
                own[step.key] = nil
                operations.append(.delete(key))
            // It stays on record until it is gone.
            case .delete: continue
            }
        }
        for start in stride(from: 0, to: operations.count, by: Self.most) {
            try await elected.commit(Array(operations[start..<min(start + Self.most, operations.count)]))
        }
        return own
    }

    /// Asks the cloud for what steps say: those of a table one after the other, tables side by side.
    func carryOut(_ steps: [RouteStep]) async -> Outcome {
        let byTable = Dictionary(grouping: steps.filter(\.isCall), by: \.key.table)
        return await withTaskGroup(of: Outcome.self) { group in
            for list in byTable.values {
                group.addTask {
                    var outcome = Outcome()
                    for step in list {
                        if Task.isCancelled { break }
                        do throws(AWSError) {
                            try await call(step)
                            outcome.done.append(step)
                            logger.notice("\(Self.words(step))")
                        } catch {
                            if error.code == .cancelled { break }
                            outcome.failed.append((step, error))
                            logger.warning("\(error)")
                            // What is wrong with all of them need not be found out for each.
                            if [.throttled, .credentials, .denied, .unavailable].contains(error.code) { break }
                        }
                    }
                    return outcome
                }
            }
            var whole = Outcome()
            for await part in group {
                whole.done += part.done
                whole.failed += part.failed
            }
            return whole
        }
    }

    private func call(_ step: RouteStep) async throws(AWSError) {
        let (table, prefix) = (step.key.table, step.key.prefix)
        switch step.action {
        case .create: if let request = request(step) { try await cloud.createRoute(request) }
        case .replace: if let request = request(step) { try await cloud.replaceRoute(request) }
        case .delete:
            do throws(AWSError) {
                try await cloud.deleteRoute(.prefix(prefix), fromTable: table)
            } catch {
                // Somebody was faster.
                guard error.code == .notFound else { throw error }
            }
        case .adopt, .forget: break
        }
    }

    private func request(_ step: RouteStep) -> EC2RouteRequest? {
        step.target.map {
            EC2RouteRequest(
                table: step.key.table, destination: step.key.prefix, target: .networkInterface($0.interface))
        }
    }

    /// A step as the log says it.
    static func words(_ step: RouteStep) -> String {
        let leads = step.host.map { " leads to \($0)" } ?? " is gone"
        return "\(step.key.table): \(step.key.prefix)\(leads), since \(step.reason)"
    }

    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Records are text and numbers, which always have a form.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    }
}
