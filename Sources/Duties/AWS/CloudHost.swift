import AWS
import Addresses
import KubernetesAPI

/// What matters of a node of which an instance of EC2 is the machine.
struct CloudHost: Hashable, Sendable {
    /// `i-0123456789abcdef0`.
    var instanceID: String
    /// The node's addresses within the cluster.
    var addresses: Set<IPAddress>
    /// The id of the node object, for events.
    var uid = ""

    /// The host of a node; nil where its machine is no instance of EC2.
    init?(_ node: Node) {
        guard let id = Self.instanceID(node.providerID) else { return nil }
        instanceID = id
        addresses = Set(node.addresses)
        uid = node.metadata.uid
    }

    init(instanceID: String, addresses: Set<IPAddress> = [], uid: String = "") {
        self.instanceID = instanceID
        self.addresses = addresses
        self.uid = uid
    }

    /// The instance in `aws:///ZONE/i-0123456789abcdef0`; what stands between does not matter.
    static func instanceID(_ providerID: String) -> String? {
        guard providerID.hasPrefix("aws://"), let last = providerID.split(separator: "/").last,
            last.hasPrefix("i-"), (10...19).contains(last.utf8.count),
            last.utf8.dropFirst(2).allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        return String(last)
    }

    /// Whether pods' packets come and go by an interface: the primary one, and those that have the node's addresses.
    func carriesPods(_ interface: EC2NetworkInterface) -> Bool {
        interface.deviceIndex == 0 || !addresses.isDisjoint(with: interface.addresses)
    }
}
