public import Addresses

/// An instance, as EC2 knows it.
public struct EC2Instance: Hashable, Sendable {
    /// How far it is in its life.
    public enum State: String, Hashable, Sendable {
        case pending
        case running
        case shuttingDown = "shutting-down"
        case terminated
        case stopping
        case stopped
        /// Something that EC2 has come to say since.
        case unknown
    }

    /// Its id: `i-0123456789abcdef0`.
    public var id: String
    /// How far it is in its life.
    public var state: State
    /// The VPC that it is in; empty once it is terminated.
    public var vpcID: String
    /// The subnet of its primary interface; empty once it is terminated.
    public var subnetID: String
    /// The availability zone: `eu-central-1a`.
    public var zone: String
    /// The addresses of all its interfaces within the VPC.
    public var privateAddresses: [IPAddress]
    /// Its interfaces, by their places on it.
    public var networkInterfaces: [EC2NetworkInterface]

    /// An instance, as a test would make it.
    public init(
        id: String, state: State = .running, vpcID: String = "", subnetID: String = "", zone: String = "",
        privateAddresses: [IPAddress] = [], networkInterfaces: [EC2NetworkInterface] = []
    ) {
        self.id = id
        self.state = state
        self.vpcID = vpcID
        self.subnetID = subnetID
        self.zone = zone
        self.privateAddresses = privateAddresses
        self.networkInterfaces = networkInterfaces
    }
}
