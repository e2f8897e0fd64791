/// Where an instance stands.
public struct InstancePlace: Hashable, Sendable {
    /// The region: `eu-central-1`.
    public var region: String
    /// The zone: `eu-central-1a`.
    public var zone: String

    /// A place, as a test would make it.
    public init(region: String, zone: String) {
        self.region = region
        self.zone = zone
    }
}
