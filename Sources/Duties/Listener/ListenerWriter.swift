import Etcd
import KubernetesAPI
import LinuxSystem
import Logging
import Policies

/// Writes what a listener knows, as long as it is elected, and tells of policies that do not stand.
struct ListenerWriter: Sendable {
    let elected: ElectionGuard
    let keys: PolicyKeys
    let view: ClusterView
    let events: EventRecorder
    let board: DutyBoard
    let logger: Logger

    /// Transactions of one stage that are under way together.
    private static let width = 4

    /// Writes whenever there are news.
    func run(_ news: AsyncStream<Void>) async throws(DutyError) {
        var isFirst = true
        for await _ in news {
            guard let batch = await view.takeBatch() else { continue }
            for finding in batch.changes.findings { await tell(finding) }
            let plan: WritePlan
            do {
                plan = try WritePlan(batch.changes, strays: batch.strays, keys)
            } catch {
                throw DutyError(.other, "write changes of policies: \(error)")
            }
            var transactions = 0
            for stage in plan.stages {
                let pieces = WritePlan.transactions(stage)
                transactions += pieces.count
                try await write(pieces)
            }
            let operations = plan.stages.reduce(0) { $0 + $1.count }
            note(batch, transactions, operations)
            if isFirst {
                logger.notice(
                    "in sync with the Kubernetes API",
                    metadata: [
                        "pods": "\(batch.pods)", "policies": "\(batch.policies)", "groups": "\(batch.groups)",
                        "members": "\(batch.members)", "operations": "\(operations)",
                    ])
                isFirst = false
            }
        }
    }

    /// Makes all transactions, in any order, a few at a time.
    private func write(_ pieces: [[EtcdTransaction.Operation]]) async throws(DutyError) {
        guard pieces.count > 1 else {
            for piece in pieces { try await write(piece) }
            return
        }
        let failure = await withTaskGroup(of: DutyError?.self) { group in
            var failure: DutyError?
            for (index, piece) in pieces.enumerated() {
                if index >= Self.width, let ended = await group.next(), let error = ended { failure = error }
                if failure != nil { break }
                group.addTask {
                    do throws(DutyError) {
                        try await write(piece)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            for await error in group { failure = failure ?? error }
            return failure
        }
        if let failure { throw failure }
    }

    /// Makes one transaction; if etcd does not take it, what it does take of it.
    private func write(_ operations: [EtcdTransaction.Operation]) async throws(DutyError) {
        do {
            try await elected.commit(operations)
        } catch {
            guard error.code == .refused else { throw error }
            guard operations.count > 1 else { return logger.error("\(error)") }
            for operation in operations { try await write([operation]) }
        }
    }

    private func note(_ batch: ClusterView.Batch, _ transactions: Int, _ operations: Int) {
        board.change { report in
            var next = report ?? ListenerReport()
            next.isInSync = true
            next.lastSync = Clock.wallSeconds()
            next.pods = batch.pods
            next.namespaces = batch.namespaces
            next.policies = batch.policies
            next.groups = batch.groups
            next.members = batch.members
            next.refusals = batch.refusals
            next.transactions += transactions
            next.operations += operations
            report = next
        }
    }

    /// Tells of a policy on its object and in the log.
    private func tell(_ finding: MembershipChanges.Finding) async {
        let policy = finding.policy
        let metadata =
            await view.object(of: policy)
            ?? ObjectMetadata(namespace: policy.namespace, name: policy.name, uid: policy.uid)
        let subject = KubernetesEvent.Subject(
            apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata)
        let event: KubernetesEvent
        if let problems = finding.sentence {
            let outcome =
                finding.isInForce
                ? "It isolates its pods and allows only what is understood of it."
                : "It is not in force; a form of it that was, stays."
            logger.warning("NetworkPolicy \(policy.title) does not stand as it is written: \(problems). \(outcome)")
            event = KubernetesEvent(
                subject, kind: .warning, reason: finding.isInForce ? "PolicyInForceInPart" : "PolicyRefused",
                message: "\(outcome) \(problems)")
        } else {
            logger.info("NetworkPolicy \(policy.title) is in force as it is written")
            event = KubernetesEvent(
                subject, kind: .normal, reason: "PolicyInForce", message: "The policy is in force as it is written.")
        }
        events.record(event)
    }
}
