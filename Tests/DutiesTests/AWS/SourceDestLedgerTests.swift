import AWS
import Addresses
import KubernetesAPI
import Testing

@testable import Duties

@Suite("Which nodes EC2 is to be asked about")
struct SourceDestLedgerTests {
    private let start = ContinuousClock.now

    static func node(_ name: String, instance: String?, address: String = "10.0.0.1") -> Node {
        Node(
            ObjectMetadata(name: name), addresses: [IPAddress(address)].compactMap { $0 },
            providerID: instance.map { "aws:///eu-central-1a/\($0)" } ?? "")
    }

    static func id(_ number: Int) -> String {
        let text = String(number, radix: 16)
        return "i-" + String(repeating: "0", count: 17 - text.utf8.count) + text
    }

    private func due(_ ledger: SourceDestLedger, after seconds: Int = 0) -> [String] {
        ledger.due(at: start + .seconds(seconds)).keys.sorted()
    }

    @Test(
        "An instance is known by the end of the provider's id",
        arguments: [
            ("aws:///eu-central-1a/i-0123456789abcdef0", "i-0123456789abcdef0"), ("aws:///a/i-01234567", "i-01234567"),
            ("aws://i-01234567", "i-01234567"), ("aws:///a/fargate-ip-10-0-0-1", nil), ("gce:///a/i-01234567", nil),
            ("aws:///a/i-", nil), ("aws:///a/i-01234567&x", nil), ("", nil), ("i-01234567", nil),
        ])
    func instances(_ providerID: String, _ id: String?) { #expect(CloudHost.instanceID(providerID) == id) }

    @Test("A node is due once, and again when its instance or its addresses are others")
    func once() {
        var ledger = SourceDestLedger()
        #expect(!ledger.isComplete)
        let node = Self.node("a", instance: Self.id(1))
        ledger.setNodes([node, Self.node("b", instance: Self.id(2)), Self.node("c", instance: nil)])
        #expect(ledger.isComplete && due(ledger) == ["a", "b"] && ledger.strangers == ["c"])
        for (name, host) in ledger.due(at: start) { ledger.settle(name, host, vpcID: "vpc-1") }
        ledger.setNode(node)
        #expect(due(ledger).isEmpty && ledger.settledCount == 2 && ledger.vpcIDs == ["vpc-1"])
        ledger.setNode(Self.node("a", instance: Self.id(3)))
        ledger.setNode(Self.node("b", instance: Self.id(2), address: "10.0.0.2"))
        #expect(due(ledger) == ["a", "b"])
    }

    @Test("What became of a node that changed meanwhile does not count, nor of one that is gone")
    func late() throws {
        var ledger = SourceDestLedger()
        ledger.setNodes([Self.node("a", instance: Self.id(1)), Self.node("b", instance: Self.id(2))])
        let former = ledger.due(at: start)
        ledger.setNode(Self.node("a", instance: Self.id(3)))
        ledger.removeNode("b")
        for (name, host) in former { ledger.settle(name, host, vpcID: "vpc-1") }
        #expect(due(ledger) == ["a"] && ledger.count == 1)
        ledger.setNodes([])
        #expect(ledger.count == 0)
    }

    @Test("A node that failed is due again later and later, and its reason is news once")
    func failures() throws {
        var ledger = SourceDestLedger()
        ledger.setNodes([Self.node("a", instance: Self.id(1))])
        let host = try #require(ledger.due(at: start)["a"])
        let first = ledger.fail("a", host, "No.", at: start, jitter: 1)
        #expect(first)
        #expect(ledger.failures == ["a": "No."])
        #expect(due(ledger, after: 4).isEmpty && due(ledger, after: 5) == ["a"])
        let again = ledger.fail("a", host, "No.", at: start, jitter: 1)
        #expect(!again)
        #expect(due(ledger, after: 9).isEmpty && due(ledger, after: 10) == ["a"])
        let other = ledger.fail("a", host, "Still no.", at: start, jitter: 1)
        #expect(other)
        for _ in 0..<20 { _ = ledger.fail("a", host, "No.", at: start, jitter: 1) }
        #expect(due(ledger, after: 299).isEmpty && due(ledger, after: 300) == ["a"])
        ledger.settle("a", host, vpcID: "vpc-1")
        #expect(ledger.failures.isEmpty && due(ledger, after: 1000).isEmpty)
    }

    @Test("Pods' packets pass the primary interface, and those that have the node's addresses")
    func interfaces() throws {
        let host = try #require(CloudHost(Self.node("a", instance: Self.id(1), address: "10.0.0.9")))
        let addresses = ["10.0.0.8", "10.0.0.9"].compactMap(IPAddress.init)
        #expect(host.carriesPods(EC2NetworkInterface(id: "eni-1", deviceIndex: 0)))
        #expect(host.carriesPods(EC2NetworkInterface(id: "eni-2", deviceIndex: 1, addresses: addresses)))
        #expect(!host.carriesPods(EC2NetworkInterface(id: "eni-3", deviceIndex: 2, addresses: [addresses[0]])))
    }
}
