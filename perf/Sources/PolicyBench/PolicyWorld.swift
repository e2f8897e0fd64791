import Addresses
import Policies

/// Pods of one node, and as many policies: each selects one pod and lets the pods of a group of its own in.
struct PolicyWorld {
    /// How many pods and policies.
    let count: Int
    /// How many members each group has.
    let members: Int

    /// What all pods have addresses of.
    static let networks = [IPPrefix(.v4(IPv4Address(rawValue: firstPod & 0xff80_0000)), length: 9)].compactMap(\.self)

    private static let podsOfNamespace = 50
    private static let firstPod: UInt32 = 0x0a80_0001  // 10.128.0.1
    private static let firstStranger: UInt32 = 0x0ac0_0001  // 10.192.0.1
    private static let firstMember: UInt32 = 0x0aa0_0001  // 10.160.0.1

    func namespace(_ index: Int) -> String { "team-\(index / Self.podsOfNamespace)" }

    func address(_ index: Int) -> IPAddress { .v4(IPv4Address(rawValue: Self.firstPod + UInt32(index))) }

    /// An address of a group's member; no two groups share one.
    func member(_ place: Int, of index: Int) -> IPAddress {
        .v4(IPv4Address(rawValue: Self.firstMember + UInt32(index * members + place)))
    }

    /// An address that is in no group of this world.
    static func stranger(_ place: Int) -> IPAddress {
        .v4(IPv4Address(rawValue: firstStranger + UInt32(place)))
    }

    func record(_ index: Int) -> PodRecord {
        PodRecord(namespace: namespace(index), name: "pod-\(index)", labels: ["app": "app-\(index)"])
    }

    func group(_ index: Int) -> PodGroup {
        PodGroup(
            namespaces: .named(namespace(index)), pods: LabelSelector(matchLabels: ["client-of": "app-\(index)"]))
    }

    func memberAddresses(_ index: Int) -> [IPAddress: [PodRecord.NamedPort]] {
        Dictionary((0..<members).map { (member($0, of: index), []) }, uniquingKeysWith: { $1 })
    }

    /// As somebody would write it: TCP ports 80 and 443, from the pods of a label.
    func policy(_ index: Int) -> NetworkPolicy {
        NetworkPolicy(
            namespace: namespace(index), name: "clients-of-app-\(index)",
            podSelector: LabelSelector(matchLabels: ["app": "app-\(index)"]), policyTypes: [.ingress],
            ingress: [
                NetworkPolicy.Rule(
                    peers: [.pods(namespaces: nil, pods: group(index).pods)],
                    ports: [.init(.tcp, .number(80)), .init(.tcp, .number(443))])
            ])
    }

    func attachment(_ index: Int, link: UInt32) -> Attachment {
        Self.attachment(record(index), "container-\(index)", address(index), link: link)
    }

    static func attachment(_ pod: PodRecord, _ container: String, _ address: IPAddress, link: UInt32) -> Attachment {
        let key = AttachmentKey(containerID: container, interface: "eth0")
        return Attachment(
            key: key, network: "bench", namespace: pod.namespace, pod: pod.name, segment: "default", sandbox: "",
            sandboxIdentity: "", veth: key.vethName, hostIndex: link, mac: MACAddress(2, 0, 0, 0, 0, 1), mtu: 1500,
            addresses: [.init(address: address, block: .everything(.ipv4), network: "bench")])
    }
}
