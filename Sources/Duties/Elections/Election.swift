import Deltas
public import Etcd
public import Logging

/// One candidate in the election of who has a duty.
///
/// Every candidate has a key on a lease; whoever's key was made first is elected, for as long as the key is there. It
/// vanishes with the lease, some seconds after its owner was last heard of, or at once when he ends.
public struct Election: Sendable {
    /// Seconds after which a candidate who is silent is none any more.
    public static let timeToLive: Int64 = 10

    private let etcd: EtcdClient
    private let prefix: String
    private let candidate: String
    private let logger: Logger
    private let report: @Sendable (Standing) -> Void

    /// How an election stands, as a candidate sees it.
    public struct Standing: Hashable, Sendable {
        /// Who is elected; nil while nobody is, or none can be asked.
        public var holder: String?
        /// Whether that is the candidate himself.
        public var isOwn: Bool
        /// How many stand.
        public var candidates: Int

        /// A standing.
        public init(holder: String?, isOwn: Bool, candidates: Int) {
            self.holder = holder
            self.isOwn = isOwn
            self.candidates = candidates
        }
    }

    /// A candidate.
    ///
    /// - Parameters:
    ///   - etcd: where the election is held.
    ///   - prefix: what its keys begin with: `/romana/election/DUTY/`.
    ///   - candidate: his name, which nobody else has.
    ///   - logger: told of what fails.
    ///   - report: told how it stands, whenever that changes.
    public init(
        _ etcd: EtcdClient, prefix: String, candidate: String, logger: Logger,
        report: @escaping @Sendable (Standing) -> Void = { _ in }
    ) {
        self.etcd = etcd
        self.prefix = prefix
        self.candidate = candidate
        self.logger = logger
        self.report = report
    }

    private var key: String { prefix + candidate }

    /// Stands in the election until the task is cancelled, then gives up at once.
    ///
    /// - Parameter body: called when he is elected, and cancelled when he is not any more; when it returns by itself, he
    ///   stands behind all others.
    public func run(_ body: @escaping @Sendable (ElectionGuard) async -> Void) async {
        await etcd.lease(seconds: Self.timeToLive).run { lease in
            var backoff = Backoff(first: .milliseconds(100), cap: .seconds(3))
            while !Task.isCancelled {
                do throws(EtcdError) {
                    await stand(try await enter(lease), body)
                } catch {
                    logger.debug("\(error)")
                }
                report(Standing(holder: nil, isOwn: false, candidates: 0))
                try? await Task.sleep(for: backoff.next(jitter: .random(in: 0...1)))
            }
        }
    }

    /// Makes the candidate's key, and says at which revision.
    ///
    /// One of an earlier life is taken away first: whoever made it may still believe in it, and must not be obeyed.
    private func enter(_ lease: Int64) async throws(EtcdError) -> Int64 {
        while true {
            let outcome = try await etcd.commit(
                EtcdTransaction(
                    conditions: [.missing(key)],
                    then: [.put(key: key, value: Array(candidate.utf8), lease: lease)], otherwise: [.get(key)]))
            if outcome.succeeded { return outcome.revision }
            guard case .keyValues(let found)? = outcome.responses.first, let former = found.first else { continue }
            if former.lease == lease { return former.createRevision }
            logger.info("\(key) is taken from an earlier life of this candidate")
            _ = try await etcd.commit(
                EtcdTransaction(
                    conditions: [.modRevision(key, equals: former.modRevision)], then: [.delete(key)]))
        }
    }

    /// Follows the election until the candidate's key is gone; does the work while it is the oldest.
    private func stand(_ revision: Int64, _ body: @escaping @Sendable (ElectionGuard) async -> Void) async {
        let elected = ElectionGuard(key: key, createRevision: revision, etcd: etcd, logger: logger)
        var candidates: [String: Int64] = [:]
        var tenure: Task<Void, Never>?
        for await update in etcd.mirror(prefix: prefix) {
            switch update {
            case .snapshot(let keyValues, _):
                for keyValue in keyValues { candidates[keyValue.key] = keyValue.createRevision }
            case .changes(let changes, _):
                for change in changes {
                    switch change {
                    case .put(let keyValue): candidates[keyValue.key] = keyValue.createRevision
                    case .delete(let key, _): candidates[key] = nil
                    }
                }
            }
            guard candidates[key] == revision else {
                logger.notice("\(key) is gone: this candidate stands again")
                break
            }
            let holder = candidates.min { $0.value < $1.value }?.key
            report(
                Standing(
                    holder: holder.map { String($0.dropFirst(prefix.count)) }, isOwn: holder == key,
                    candidates: candidates.count))
            if holder == key, tenure == nil {
                tenure = Task {
                    await body(elected)
                    await resign(elected)
                }
            }
        }
        tenure?.cancel()
        await tenure?.value
    }

    /// Takes the candidate's key away, unless that is done by whoever cancels the task.
    private func resign(_ elected: ElectionGuard) async {
        while !Task.isCancelled {
            do throws(DutyError) {
                return try await elected.commit([.delete(key)])
            } catch {
                if error.code == .deposed { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
