import AWS
import Duties

/// What the duties in a cloud are told.
struct CloudSettings: Sendable {
    /// How AWS is asked.
    var aws: AWSConfiguration
    /// How often the duty `aws` looks at what.
    var sourceDest = SourceDestTiming()
    /// What the duty of routes in a VPC is told.
    var vpcRouter = VPCRouterSettings()
    /// Where that serves how routes stand.
    var statusHost = "localhost"
    /// At which port; 0 for none.
    var statusPort = 33289
}
