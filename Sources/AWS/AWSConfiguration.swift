public import LinuxSystem

/// What a client of AWS is told; whatever it is not told it finds out.
public struct AWSConfiguration: Sendable {
    /// The region; nil for what `AWS_REGION`, `AWS_DEFAULT_REGION`, or the instance that we run on says.
    public var region: String?
    /// The VPC; nil for the one that the instance is in.
    public var vpcID: String?
    /// Whether calls that would change something are only tried for permission.
    public var isDryRun: Bool
    /// How the client introduces itself: `romana-agent/2.0`.
    public var agent: String
    /// Variables of the environment, by their names.
    public var environment: @Sendable (_ name: String) -> String?
    /// How often and how patiently is asked.
    public var timing: AWSTiming

    /// A configuration, with what is usual for all that is not given.
    public init(
        region: String? = nil, vpcID: String? = nil, isDryRun: Bool = false, agent: String = "romana",
        environment: @escaping @Sendable (_ name: String) -> String? = ProcessEnvironment.value,
        timing: AWSTiming = AWSTiming()
    ) {
        self.region = region
        self.vpcID = vpcID
        self.isDryRun = isDryRun
        self.agent = agent
        self.environment = environment
        self.timing = timing
    }
}

/// How often and how patiently AWS is asked.
public struct AWSTiming: Hashable, Sendable {
    /// How long one request may take.
    public var patience = Duration.seconds(15)
    /// How often a call is tried before its failure is told.
    public var attempts = 5
    /// The longest wait after the first failure of a call, and after any.
    public var (firstPause, longestPause) = (Duration.milliseconds(500), Duration.seconds(20))

    /// What is usual.
    public init() {}
}
