import AWS
import ArgumentParser
import Duties
import Options

/// What the agent is told about its duties in AWS.
struct CloudOptions: ParsableArguments {
    @Option(
        name: [.long, .customShort("r")],
        help: """
            The region, of the daemon's first topology too unless --aws-region names another (default: --aws-region, \
            AWS_REGION, AWS_DEFAULT_REGION, else that of the instance).
            """)
    var region: String?

    @Option(name: [.long, .customShort("v")], help: "The VPC (default: that of the nodes' instances).")
    var vpc: String?

    @Option(
        name: .customLong("aws-dry-run"), defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            "Ask AWS only whether it would allow what would be changed (default: false).", valueName: "true|false"))
    var dryRun: Toggle?

    @Option(
        help: """
            Seconds between two looks whether somebody turned the source/destination check of a node's interface on \
            again, one call for each VPC; 0 for never, else 5 or more.
            """)
    var sourceDestRecheck: Int = 600

    @OptionGroup var router: VPCRouterOptions

    /// The region that the option names; nil when it names none.
    var givenRegion: String? { region.flatMap { $0.isEmpty ? nil : $0 } }
    private var givenVPC: String? { vpc.flatMap { $0.isEmpty ? nil : $0 } }

    /// As the duties take it.
    ///
    /// - Parameters:
    ///   - other: the region of the daemon, for when none is named here.
    ///   - port: what `--port` says, where it is not that of a daemon.
    func settings(region other: String? = nil, port: Int? = nil) throws(AgentError) -> CloudSettings {
        guard sourceDestRecheck == 0 || (5...1_000_000).contains(sourceDestRecheck) else {
            throw AgentError("--source-dest-recheck \(sourceDestRecheck): neither 0 nor 5 or more seconds")
        }
        var settings = CloudSettings(
            aws: AWSConfiguration(
                region: givenRegion ?? other, vpcID: givenVPC, isDryRun: try dryRun?.isOn("--aws-dry-run") ?? false,
                agent: "romana-agent/\(AgentVersion.current)"))
        settings.sourceDest.recheck = sourceDestRecheck == 0 ? nil : .seconds(sourceDestRecheck)
        settings.vpcRouter = try router.settings()
        settings.vpcRouter.vpcID = givenVPC
        settings.vpcRouter.isDryRun = settings.aws.isDryRun
        settings.statusHost = router.address
        settings.statusPort = try router.statusPort(port)
        return settings
    }
}
