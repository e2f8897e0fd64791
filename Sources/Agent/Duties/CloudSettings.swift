import AWS
import Duties

/// What the duties in a cloud are told.
struct CloudSettings: Sendable {
    /// How AWS is asked.
    var aws: AWSConfiguration
    /// How often the duty `aws` looks at what.
    var sourceDest = SourceDestTiming()
}
