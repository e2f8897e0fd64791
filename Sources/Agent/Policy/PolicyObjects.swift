import Addresses
import Nftables
import Policies

/// The objects of table `inet romana` that are always there, by their names in `nft list ruleset`.
enum PolicyObjects {
    /// The table.
    static let table = "romana"

    /// Drops what a pod's link brings that is not from the pod.
    static let spoofing = "spoofing"
    /// What comes from a pod, on its way to whomever.
    static let fromPods = "forward-from-pods"
    /// What goes to a pod, from whomever.
    static let toPods = "forward-to-pods"
    /// What pods send to their own node, where that is not allowed.
    static let input = "input"
    /// Sends what comes to ports of the node that pods have to the pods.
    static let mappedPorts = "mapped-ports"
    /// The same for what the node itself sends.
    static let mappedPortsOutput = "mapped-ports-output"
    /// Gives what leaves the cluster the node's address.
    static let postrouting = "postrouting"

    /// Pods of this node and where their traffic of a direction goes.
    static func entries(_ direction: NetworkPolicy.Direction, _ family: AddressFamily) -> NftSet {
        NftSet((direction == .ingress ? "ingress" : "egress") + digit(family), key: [field(family)], mapping: .verdict)
    }

    /// Members of groups: number and address.
    static func members(_ family: AddressFamily) -> NftSet {
        NftSet("members" + digit(family), key: [.mark, field(family)])
    }

    /// Named ports of members of groups: number, address and port.
    static func ports(_ family: AddressFamily) -> NftSet {
        NftSet("ports" + digit(family), key: [.mark, field(family), .service])
    }

    /// Pods of this node: link and address.
    static func links(_ family: AddressFamily) -> NftSet {
        NftSet("links" + digit(family), key: [.interface, field(family)])
    }

    /// Pods of this node: address and address, for what comes back to its sender.
    static func own(_ family: AddressFamily) -> NftSet {
        NftSet("self" + digit(family), key: [field(family), field(family)])
    }

    /// Ports of every address of the node, and the pods and ports that they lead to.
    static func mappedPorts(_ family: AddressFamily) -> NftSet {
        NftSet(
            "mapped-ports" + digit(family), key: [.transport, .service], mapping: .fields([field(family), .service]))
    }

    /// Ports of one address of the node, and the pods and ports that they lead to.
    static func mappedAddresses(_ family: AddressFamily) -> NftSet {
        NftSet(
            "mapped-addresses" + digit(family), key: [field(family), .transport, .service],
            mapping: .fields([field(family), .service]))
    }

    /// Addresses of the cluster's pods.
    static func networks(_ family: AddressFamily) -> NftSet {
        NftSet("networks" + digit(family), key: [field(family)], isInterval: true)
    }

    /// Addresses that pods reach under their own: pods and Services.
    static func untranslated(_ family: AddressFamily) -> NftSet {
        NftSet("untranslated" + digit(family), key: [field(family)], isInterval: true)
    }

    /// A set of ranges of addresses.
    static func ranges(_ name: String, _ family: AddressFamily) -> NftSet {
        NftSet(name, key: [field(family)], isInterval: true)
    }

    /// What the names of sets of ranges begin with.
    static let rangesPrefix = "block-"

    /// What the names of chains that come and go begin with.
    static let chainPrefixes = ["in-", "out-"]

    /// Every set and map that is always there.
    static var all: [NftSet] {
        AddressFamily.allCases.flatMap { family in
            NetworkPolicy.Direction.allCases.map { entries($0, family) }
                + [
                    members(family), ports(family), links(family), own(family), mappedPorts(family),
                    mappedAddresses(family), networks(family), untranslated(family),
                ]
        }
    }

    private static func digit(_ family: AddressFamily) -> String { family == .ipv4 ? "4" : "6" }
    private static func field(_ family: AddressFamily) -> NftField { family == .ipv4 ? .ipv4Address : .ipv6Address }
}
