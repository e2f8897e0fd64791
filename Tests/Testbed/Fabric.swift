import LinuxSystem

/// The network between the nodes: a namespace with a bridge, and a namespace for every node, joined by veths.
///
/// Addresses on the bridge's network are 10.0.0.N/24 and fd00::N/64; N is the node's number, 254 and fe the fabric's
/// own, where etcd and the daemons run.
public struct Fabric: Sendable, Hashable {
    /// Where the bridge is.
    public let namespace: Namespace
    /// One for each node; the first is node 1.
    public let nodes: [Namespace]
    /// What all names begin with; pods of these nodes use it too.
    public let prefix: String

    /// The fabric's own IPv4 address.
    public static let address4 = "10.0.0.254"
    /// The fabric's own IPv6 address.
    public static let address6 = "fd00::fe"
    /// The link of a node that leads to the others.
    public static let uplink = "eth0"

    /// The IPv4 address of node `number` (1...200).
    public static func address4(ofNode number: Int) -> String { "10.0.0.\(number)" }
    /// The IPv6 address of node `number` (1...200).
    public static func address6(ofNode number: Int) -> String { "fd00::\(String(number, radix: 16))" }

    /// Makes the namespaces and the links between them, all up.
    public static func build(nodes count: Int, mtu: Int = 1500) async throws(TestbedError) -> Fabric {
        guard ProcessEnvironment.value("ROMANA_ISOLATED") == "inside" else {
            throw TestbedError(
                "this needs namespaces of its own: run it by `make test`, or through Tests/isolated.sh")
        }
        let prefix = Namespace.uniquePrefix()
        let fabric = Fabric(
            namespace: Namespace("\(prefix)-fabric"),
            nodes: (1...count).map { Namespace("\(prefix)-node\($0)") },
            prefix: prefix)
        try await Namespace.add([fabric.namespace] + fabric.nodes)
        try await IPRoute2.batch(
            [
                "link add br0 mtu \(mtu) type bridge stp_state 0 mcast_snooping 0",
                "link set br0 up",
                "address add \(address4)/24 dev br0",
                "address add \(address6)/64 dev br0 nodad",
            ]
                + (1...count).flatMap { number in
                    let peer = "netns \(prefix)-node\(number)"
                    return [
                        "link add node\(number) mtu \(mtu) type veth peer name \(uplink) mtu \(mtu) \(peer)",
                        "link set node\(number) master br0 up",
                    ]
                },
            in: fabric.namespace)
        for (index, node) in fabric.nodes.enumerated() {
            try await IPRoute2.batch(
                [
                    "address add \(address4(ofNode: index + 1))/24 dev \(uplink)",
                    "address add \(address6(ofNode: index + 1))/64 dev \(uplink) nodad",
                    "link set \(uplink) up",
                    "route add default via \(address4)",
                    "route add ::/0 via \(address6)",
                ], in: node)
        }
        return fabric
    }

    /// Takes the namespaces away.
    public func remove() async {
        await Namespace.delete(nodes + [namespace])
    }
}
