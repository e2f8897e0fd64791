import Addresses
import Testing

@testable import Policies

@Suite("Families of a node's pods")
struct NodePoliciesFamilyTests {
    static let group = PodGroup(namespaces: .named("shop"), pods: LabelSelector(matchLabels: ["app": "front"]))
    static let members: [IPAddress: [PodRecord.NamedPort]] = [
        .v4(IPv4Address(rawValue: 0x0a09_0001)): [], .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | 1)): [],
    ]

    /// Two ports from the pods of a group.
    private static func statement() -> PolicyStatement {
        PolicyStatement(
            id: "front", title: "shop/front", subjects: [.init(namespace: "shop")],
            ingress: [.init(peers: [.pods(group)], traffic: [.ports(.tcp, 80...80), .ports(.tcp, 443...443)])])
    }

    private static func node(_ families: [AddressFamily]) -> NodePolicies {
        var node = NodePolicies(families: families)
        node.setStatement("front", statement())
        node.setGroup(group.key, members)
        node.setPod("shop/web", PodRecord(namespace: "shop", name: "web"))
        return node
    }

    private static func entry(_ address: IPAddress) -> ProgramChange.Entry {
        ProgramChange.Entry(direction: .ingress, address: address)
    }

    @Test("with one family chains see packets of that family alone, and no element of the other comes")
    func one() throws {
        let address = IPAddress.v4(IPv4Address(rawValue: 0x0a01_0001))
        var node = Self.node([])
        node.attach("1", of: "shop/web", [address])
        let change = node.takeChange()
        guard case .chain(let name)?? = change.entries[Self.entry(address)] else {
            Issue.record("\(change.entries)")
            return
        }
        let chain = try #require(change.addedChains.first { $0.name == name })
        #expect(chain.family == .ipv4)
        #expect(chain.rules.count == 2)
        #expect(change.addedMembers.map(\.address.family) == [.ipv4])
    }

    @Test("with both, a group of two ports is a rule for each family and a chain of the ports")
    func both() throws {
        let node = Self.node(AddressFamily.allCases)
        let chains = node.allChains
        #expect(chains.map(\.end) == [.back, .deny])
        #expect(chains.map(\.rules.count) == [2, 2])
        #expect(chains.allSatisfy { $0.family == nil })
    }

    @Test("a pod of another family has all chains made anew before its entries come")
    func widened() throws {
        let old = IPAddress.v4(IPv4Address(rawValue: 0x0a01_0001))
        let new = IPAddress.v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | 2))
        var node = Self.node([])
        node.attach("1", of: "shop/web", [old])
        let first = node.takeChange()
        node.setPod("shop/six", PodRecord(namespace: "shop", name: "six"))
        node.attach("2", of: "shop/six", [new])
        let second = node.takeChange()
        #expect(second.entries[Self.entry(old)] == second.entries[Self.entry(new)])
        #expect(second.entries[Self.entry(old)] != first.entries[Self.entry(old)])
        #expect(Set(second.removedChains) == Set(first.addedChains.map(\.name)))
        #expect(second.addedMembers.map(\.address.family) == [.ipv6])
        #expect(node.allChains == Self.node(AddressFamily.allCases).allChains)
    }

    @Test("a denial has to know its peers even before any family is known")
    func denial() {
        var node = NodePolicies(families: [])
        var denial = PolicyStatement(id: "no", title: "no", subjects: [.init(namespace: "shop")])
        denial.egressDenials = [.init(peers: [.pods(Self.group)])]
        node.setStatement("no", denial)
        node.setPod("shop/web", PodRecord(namespace: "shop", name: "web"))
        #expect(!node.isSafe("shop/web"))
        node.setGroup(Self.group.key, [:])
        #expect(node.isSafe("shop/web"))
    }
}
