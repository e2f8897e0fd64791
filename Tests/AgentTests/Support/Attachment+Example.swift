import Addresses

@testable import Agent

extension Attachment {
    /// An attachment with plausible values for what a test does not care about.
    static func example(
        id: String = "c1", interface: String = "eth0", network: String = "cluster", namespace: String = "default",
        pod: String = "web", addresses: [String] = ["10.1.0.1"]
    ) -> Attachment {
        let key = AttachmentKey(containerID: id, interface: interface)
        return Attachment(
            key: key, network: network, namespace: namespace, pod: pod, segment: "default",
            sandbox: "/run/netns/\(id)", sandboxIdentity: "4:4026531840", veth: key.vethName, hostIndex: 7,
            mac: key.podMAC, mtu: 1500,
            addresses: addresses.compactMap { text in
                IPAddress(text).map { Address(address: $0, block: $0.hostPrefix, network: "net") }
            })
    }
}
