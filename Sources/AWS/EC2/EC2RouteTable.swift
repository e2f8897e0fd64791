/// A route table of a VPC.
public struct EC2RouteTable: Hashable, Sendable {
    /// What a table is in force for.
    public struct Association: Hashable, Sendable {
        /// The subnet; nil for the VPC's main table, and for one of a gateway.
        public var subnetID: String?
        /// Whether it is the table of all subnets that have none of their own.
        public var isMain: Bool

        /// An association.
        public init(subnetID: String? = nil, isMain: Bool = false) {
            self.subnetID = subnetID
            self.isMain = isMain
        }
    }

    /// Its id: `rtb-0123456789abcdef0`.
    public var id: String
    /// The VPC that it is in.
    public var vpcID: String
    /// What it is in force for.
    public var associations: [Association]
    /// Its tags.
    public var tags: [String: String]
    /// Its routes.
    public var routes: [EC2Route]

    /// The subnets that it was given to.
    public var subnetIDs: [String] { associations.compactMap(\.subnetID) }
    /// Whether it is the table of all subnets that have none of their own.
    public var isMain: Bool { associations.contains(where: \.isMain) }

    /// A table, as a test would make it.
    public init(
        id: String, vpcID: String = "", associations: [Association] = [], tags: [String: String] = [:],
        routes: [EC2Route] = []
    ) {
        self.id = id
        self.vpcID = vpcID
        self.associations = associations
        self.tags = tags
        self.routes = routes
    }
}
