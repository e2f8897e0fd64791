public import Addresses

/// An interface in a VPC, on an instance or by itself.
public struct EC2NetworkInterface: Hashable, Sendable {
    /// Its id: `eni-0123456789abcdef0`.
    public var id: String
    /// The instance that it is on; nil for none.
    public var instanceID: String?
    /// Its place on the instance, 0 for the primary one; nil when it is on none.
    public var deviceIndex: Int?
    /// The VPC that it is in.
    public var vpcID: String
    /// The subnet that it is in.
    public var subnetID: String
    /// Whether it carries only packets of and for its own addresses.
    public var sourceDestCheck: Bool
    /// Its addresses within the VPC, the primary one first.
    public var addresses: [IPAddress]

    /// An interface, as a test would make it.
    public init(
        id: String, instanceID: String? = nil, deviceIndex: Int? = nil, vpcID: String = "", subnetID: String = "",
        sourceDestCheck: Bool = true, addresses: [IPAddress] = []
    ) {
        self.id = id
        self.instanceID = instanceID
        self.deviceIndex = deviceIndex
        self.vpcID = vpcID
        self.subnetID = subnetID
        self.sourceDestCheck = sourceDestCheck
        self.addresses = addresses
    }
}
