public import Addresses

/// One address of a pod of a group, as etcd keeps it at `groups/KEY/ADDRESS`.
public struct GroupMember: Hashable, Sendable {
    /// The pod's address.
    public var address: IPAddress
    /// Whose it is: `NAMESPACE/NAME`.
    public var pod: String
    /// The ports that the pod's containers name.
    public var ports: [PodRecord.NamedPort]

    /// A member.
    public init(address: IPAddress, pod: String, ports: [PodRecord.NamedPort] = []) {
        self.address = address
        self.pod = pod
        self.ports = ports
    }
}

extension GroupMember: Codable {
    /// Reads a member; without `ports` it names none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: DocumentKey.self)
        address = try container.decode(IPAddress.self, forKey: DocumentKey("address"))
        pod = try container.decode(String.self, forKey: DocumentKey("pod"))
        ports = try container.list("ports")
    }

    /// Writes the address, the pod, and the ports if it names any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: DocumentKey.self)
        try container.encode(address, forKey: DocumentKey("address"))
        try container.encode(pod, forKey: DocumentKey("pod"))
        if !ports.isEmpty { try container.encode(ports, forKey: DocumentKey("ports")) }
    }
}
