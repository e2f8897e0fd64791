/// A tag that something must have.
public struct EC2TagFilter: Hashable, Sendable {
    /// Its key.
    public var key: String
    /// Its values, any of which will do; empty for any at all.
    public var values: [String]

    /// A tag.
    public init(_ key: String, values: [String] = []) {
        self.key = key
        self.values = values
    }
}

/// Which interfaces are meant; whatever is nil or empty does not matter.
public struct EC2NetworkInterfaceFilter: Hashable, Sendable {
    /// The VPC that they are in.
    public var vpcID: String?
    /// Their ids.
    public var ids: [String]
    /// The instances that they are on.
    public var instanceIDs: [String]
    /// Whether they carry only packets of and for their own addresses.
    public var sourceDestCheck: Bool?

    /// A selection.
    public init(
        vpcID: String? = nil, ids: [String] = [], instanceIDs: [String] = [], sourceDestCheck: Bool? = nil
    ) {
        self.vpcID = vpcID
        self.ids = ids
        self.instanceIDs = instanceIDs
        self.sourceDestCheck = sourceDestCheck
    }
}

/// Which route tables are meant; whatever is nil or empty does not matter.
public struct EC2RouteTableFilter: Hashable, Sendable {
    /// The VPC that they are in.
    public var vpcID: String?
    /// Their ids.
    public var ids: [String]
    /// The tags that they have, all of them.
    public var tags: [EC2TagFilter]
    /// Subnets, one of which was given the table; a VPC's main table is given to none.
    public var subnetIDs: [String]

    /// A selection.
    public init(
        vpcID: String? = nil, ids: [String] = [], tags: [EC2TagFilter] = [], subnetIDs: [String] = []
    ) {
        self.vpcID = vpcID
        self.ids = ids
        self.tags = tags
        self.subnetIDs = subnetIDs
    }
}

/// Which subnets are meant; whatever is nil or empty does not matter.
public struct EC2SubnetFilter: Hashable, Sendable {
    /// The VPC that they are in.
    public var vpcID: String?
    /// Their ids.
    public var ids: [String]
    /// The tags that they have, all of them.
    public var tags: [EC2TagFilter]

    /// A selection.
    public init(vpcID: String? = nil, ids: [String] = [], tags: [EC2TagFilter] = []) {
        self.vpcID = vpcID
        self.ids = ids
        self.tags = tags
    }
}
