import Addresses
import Etcd
import KubernetesAPI
import Testing
import Topology

@testable import Agent

@Suite("What a node is registered with")
struct HostRegistrationTests {
    static let identity = NodeIdentity(machine: "m", instance: "i")

    static func settings(
        addresses: [String] = ["192.0.2.1"], isGiven: Bool = false, labels: [String: String] = [:]
    ) -> AgentSettings {
        var settings = AgentSettings(
            node: "n", addresses: list(addresses), labels: labels, etcd: EtcdConfiguration(endpoints: []),
            etcdPrefix: "/romana", daemons: [], socketPath: "", runDirectory: "", linkName: nil, mtu: nil,
            routeTable: 10, multihop: false, cooldown: 0, patience: 0, metricsPort: 0, metricsHost: "")
        settings.hasGivenAddresses = isGiven
        return settings
    }

    static func list(_ texts: [String]) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

    static func node(_ addresses: [String] = [], labels: [String: String] = [:]) -> Node {
        Node(ObjectMetadata(name: "n", uid: "u", labels: labels), addresses: list(addresses))
    }

    @Test(
        "addresses: those told, else those of the node that the machine has, else those of the link",
        arguments: [
            (told: true, node: ["192.0.2.2"], carried: ["192.0.2.1", "192.0.2.2"], is: ["192.0.2.1"]),
            (false, ["192.0.2.2"], ["192.0.2.1", "192.0.2.2"], ["192.0.2.2"]),
            (false, ["192.0.2.2"], ["192.0.2.1"], ["192.0.2.1"]),
            (false, [], ["192.0.2.1"], ["192.0.2.1"]),
            (false, ["2001:db8::2"], ["192.0.2.1", "2001:db8::2"], ["2001:db8::2", "192.0.2.1"]),
            (false, ["192.0.2.2", "192.0.2.3"], ["192.0.2.2", "192.0.2.3"], ["192.0.2.2"]),
        ])
    func addresses(_ row: (told: Bool, node: [String], carried: [String], is: [String])) {
        let registration = HostRegistration(
            Self.settings(isGiven: row.told), Self.identity, node: Self.node(row.node),
            current: Self.list(["192.0.2.1"]),
            carried: { Self.list(row.carried) })
        #expect(registration.addresses == Self.list(row.is))
    }

    @Test("an address that came by the API stays when the API forgets it, and one that is gone does not come back")
    func kept() {
        for said in [[], ["192.0.2.9"]] {
            let registration = HostRegistration(
                Self.settings(), Self.identity, node: Self.node(said), current: Self.list(["192.0.2.2"]),
                carried: { Self.list(["192.0.2.2"]) })
            #expect(registration.addresses == Self.list(["192.0.2.2"]))
        }
    }

    @Test("labels told come before the node's; without an API nothing is said of labels that nobody told")
    func labels() {
        let node = Self.node(labels: ["rack": "1", "zone": "a"])
        func labels(_ told: [String: String], _ node: Node?) -> [String: String]? {
            HostRegistration(Self.settings(labels: told), Self.identity, node: node, current: [], carried: { [] })
                .labels
        }
        #expect(labels(["rack": "2"], node) == ["rack": "2", "zone": "a"])
        #expect(labels([:], node) == ["rack": "1", "zone": "a"])
        #expect(labels(["rack": "2"], nil) == ["rack": "2"])
        #expect(labels([:], nil) == nil)
    }

    @Test("a host meets it when it says all of that, whatever it says besides")
    func met() {
        let registration = HostRegistration(
            Self.settings(), Self.identity, node: Self.node(labels: ["rack": "1"]), current: Self.list(["192.0.2.1"]),
            carried: { [] })
        var host = HostRecord(
            name: "n", addresses: Self.list(["192.0.2.1"]), tags: ["rack": "1"],
            kubernetes: ["machine_id": "m", "uid": "u", "more": "x"])
        #expect(registration.isMet(by: host))
        host.tags["zone"] = "a"
        #expect(!registration.isMet(by: host))
        host.tags = ["rack": "1"]
        host.kubernetes["uid"] = "former"
        #expect(!registration.isMet(by: host))
    }

    @Test("without an API and without labels, what others say of a host's labels stands")
    func silent() {
        let registration = HostRegistration(
            Self.settings(), NodeIdentity(machine: "", instance: ""), node: nil, current: Self.list(["192.0.2.1"]),
            carried: { [] })
        #expect(
            registration.isMet(by: HostRecord(name: "n", addresses: Self.list(["192.0.2.1"]), tags: ["rack": "1"])))
    }
}
