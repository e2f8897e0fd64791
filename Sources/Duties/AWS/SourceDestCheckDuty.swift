public import AWS
public import KubernetesAPI
public import Logging

/// The duty of having EC2 let pods' packets through: it turns source/destination checks of nodes' interfaces off.
public struct SourceDestCheckDuty: Duty {
    /// What it is called.
    public static let dutyName = "aws"

    /// What it is called.
    public var name: String { Self.dutyName }

    private let kubernetes: KubernetesClient
    private let service: any EC2Service
    private let host: String
    private let timing: SourceDestTiming
    private let isDryRun: Bool
    private let board: DutyBoard
    private let logger: Logger

    /// A duty.
    ///
    /// - Parameters:
    ///   - kubernetes: who knows the nodes.
    ///   - service: who knows their interfaces.
    ///   - host: the node that it runs on, for the events that it tells.
    ///   - timing: how often is looked at what.
    ///   - isDryRun: whether the service only tries for permission.
    ///   - board: told what it does.
    ///   - logger: told what it does.
    public init(
        kubernetes: KubernetesClient, service: any EC2Service, host: String, timing: SourceDestTiming = .init(),
        isDryRun: Bool = false, board: DutyBoard, logger: Logger
    ) {
        self.kubernetes = kubernetes
        self.service = service
        self.host = host
        self.timing = timing
        self.isDryRun = isDryRun
        self.board = board
        self.logger = logger
    }

    /// Watches nodes and asks EC2 until the task is cancelled.
    ///
    /// Nothing is written to etcd, so the guard has nothing to guard: whoever is not elected any more is cancelled, and
    /// a call that he makes a moment too late says what the next would say.
    public func run(_ elected: ElectionGuard) async {
        board.changeSourceDest { $0 = SourceDestReport() }
        defer { board.changeSourceDest { $0 = nil } }
        let events = EventRecorder(kubernetes, component: "romana-aws", host: host)
        let keeper = SourceDestKeeper(
            service: service, timing: timing, isDryRun: isDryRun, events: events, board: board, logger: logger)
        await withDiscardingTaskGroup { group in
            group.addTask { for await update in kubernetes.watch(Node.self) { await keeper.take(update) } }
            group.addTask { await events.run() }
            await keeper.run()
            group.cancelAll()
        }
    }
}

/// How often the duty `aws` looks at what.
public struct SourceDestTiming: Hashable, Sendable {
    /// Between two looks at which nodes are due; what is new meanwhile is asked for together.
    public var pause: Duration
    /// Between two looks whether somebody turned a check on again; nil for never.
    public var recheck: Duration?
    /// The longest wait after AWS failed once, and after any failure.
    public var (firstWait, longestWait): (Duration, Duration)

    /// What is usual, as far as nothing else is given.
    public init(
        pause: Duration = .seconds(1), recheck: Duration? = .seconds(600), firstWait: Duration = .seconds(5),
        longestWait: Duration = .seconds(120)
    ) {
        self.pause = pause
        self.recheck = recheck
        (self.firstWait, self.longestWait) = (firstWait, longestWait)
    }
}
