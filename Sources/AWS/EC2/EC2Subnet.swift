public import Addresses

/// A subnet of a VPC.
public struct EC2Subnet: Hashable, Sendable {
    /// Its id: `subnet-0123456789abcdef0`.
    public var id: String
    /// The VPC that it is in.
    public var vpcID: String
    /// The availability zone: `eu-central-1a`.
    public var zone: String
    /// Its prefixes, the IPv4 one first; none that cannot be read.
    public var prefixes: [IPPrefix]
    /// Its tags.
    public var tags: [String: String]

    /// A subnet, as a test would make it.
    public init(
        id: String, vpcID: String = "", zone: String = "", prefixes: [IPPrefix] = [], tags: [String: String] = [:]
    ) {
        self.id = id
        self.vpcID = vpcID
        self.zone = zone
        self.prefixes = prefixes
        self.tags = tags
    }
}
