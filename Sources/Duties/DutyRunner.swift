import Deltas
public import Etcd
public import Logging

/// Does a duty whenever this agent is elected to.
public struct DutyRunner: Sendable {
    /// After how many failures in a row a duty is given away, and how long one has to go on to be none.
    private static let (attempts, success) = (3, Duration.seconds(30))

    private let duty: any Duty
    private let election: Election
    private let logger: Logger

    /// A candidate for a duty.
    ///
    /// - Parameters:
    ///   - duty: what is to be done.
    ///   - etcd: where the election is held.
    ///   - prefix: what all keys begin with: `/romana`.
    ///   - candidate: the agent's name.
    ///   - board: told how it goes.
    ///   - logger: told when it begins and ends.
    public init(
        _ duty: any Duty, etcd: EtcdClient, prefix: String, candidate: String, board: DutyBoard, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "duty"] = "\(duty.name)"
        self.duty = duty
        self.logger = logger
        let name = duty.name
        election = Election(etcd, prefix: "\(prefix)/election/\(name)/", candidate: candidate, logger: logger) {
            board.note(name, $0)
        }
    }

    /// Stands for election, and does the duty when elected, until the task is cancelled.
    public func run() async {
        let duty = duty
        let logger = logger
        await election.run { elected in
            logger.notice("elected", metadata: ["revision": "\(elected.createRevision)"])
            var backoff = Backoff(first: .milliseconds(100), cap: .seconds(10))
            while !Task.isCancelled {
                let began = ContinuousClock.now
                await duty.run(elected)
                if Task.isCancelled { break }
                if began.duration(to: .now) > Self.success { backoff.reset() }
                if duty.givesWay, backoff.failures >= Self.attempts {
                    logger.warning("gives way to other candidates")
                    break
                }
                try? await Task.sleep(for: backoff.next(jitter: .random(in: 0...1)))
            }
            logger.notice("not elected any more", metadata: ["revision": "\(elected.createRevision)"])
        }
    }
}
