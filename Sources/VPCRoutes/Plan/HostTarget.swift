/// What a route to a host is made with.
public struct HostTarget: Hashable, Sendable {
    /// The id of the network interface that has the host's address.
    public var interface: String
    /// The id of the instance.
    public var instance: String
    /// The subnet that the interface is on.
    public var subnet: String
    /// The zone of that.
    public var zone: String

    /// A target.
    public init(interface: String, instance: String = "", subnet: String = "", zone: String = "") {
        self.interface = interface
        self.instance = instance
        self.subnet = subnet
        self.zone = zone
    }
}
