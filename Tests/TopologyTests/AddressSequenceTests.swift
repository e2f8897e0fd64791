import Addresses
import Testing
import Topology

/// The sequences of addresses that users of the original know, from the document to the pod.
@Suite("sequences of addresses")
struct AddressSequenceTests {
    /// A cluster of one network and the hosts named, all in one group.
    private func cluster(_ cidr: String, mask: Int, hosts: [String] = ["h"], more: String = "") throws -> ClusterModel {
        let list = hosts.enumerated().map { #"{"name": "\#($0.element)", "ip": "192.168.0.\#($0.offset + 1)"}"# }
        return try ClusterModel(
            """
            {"networks": [{"name": "net", "cidr": "\(cidr)", "block_mask": \(mask)\(more)}],
             "topologies": [{"networks": ["net"], "map": [{"groups": [\(list.joined(separator: ", "))]}]}]}
            """)
    }

    private func allocate(_ count: Int, from first: Int = 0, _ cluster: inout ClusterModel) throws -> [String] {
        try (first..<first + count).map { try cluster.allocate("p\($0)", on: "h") }
    }

    @Test(
        "small networks are used to the last address",
        arguments: [
            ("10.0.0.0/31", 31, ["10.0.0.0", "10.0.0.1"]), ("10.0.0.0/31", 32, ["10.0.0.0", "10.0.0.1"]),
            ("10.0.0.0/32", 32, ["10.0.0.0"]), ("fd00::/127", 128, ["fd00::", "fd00::1"]),
        ])
    func usesAll(cidr: String, mask: Int, addresses: [String]) throws {
        var cluster = try cluster(cidr, mask: mask)
        #expect(try allocate(addresses.count, &cluster) == addresses)
        #expect(throws: AllocationError.self) { try cluster.allocate("more", on: "h") }
        cluster.release("p0", on: "h")
        #expect(try cluster.allocate("again", on: "h") == addresses[0])
    }

    @Test("blocks are filled, emptied and used again")
    func reusesBlocks() throws {
        var cluster = try cluster("10.0.0.0/8", mask: 30)
        #expect(try allocate(4, &cluster) == (0...3).map { "10.0.0.\($0)" })
        cluster.release("p2", on: "h")
        cluster.release("p3", on: "h")
        #expect(try allocate(2, from: 4, &cluster) == ["10.0.0.2", "10.0.0.3"])
        #expect(cluster.usage(of: "h") == [4])
        #expect(try allocate(4, from: 6, &cluster) == (4...7).map { "10.0.0.\($0)" })
        #expect(cluster.usage(of: "h") == [4, 4])
        for owner in ["p0", "p1", "p4", "p5"] { cluster.release(owner, on: "h") }
        #expect(cluster.usage(of: "h") == [4])
        #expect(try allocate(2, from: 10, &cluster) == ["10.0.0.0", "10.0.0.1"])
        #expect(cluster.usage(of: "h") == [2, 4])
    }

    @Test("segments and hosts have blocks of their own")
    func separates() throws {
        var cluster = try cluster("10.0.0.0/24", mask: 30, hosts: ["h", "i"])
        #expect(try cluster.allocate("a", on: "h", "t", "seg1") == "10.0.0.0")
        #expect(try cluster.allocate("b", on: "i", "t", "seg1") == "10.0.0.4")
        #expect(try cluster.allocate("c", on: "h", "t", "seg1") == "10.0.0.1")
        // The other block of h was granted as its spare.
        #expect(try cluster.allocate("d", on: "h", "t", "seg2") == "10.0.0.8")
    }

    @Test("tenants are served by their own networks, others by those for all")
    func servesTenants() throws {
        var cluster = try ClusterModel(
            """
            {"networks": [
               {"name": "net1", "cidr": "10.200.0.0/16", "block_mask": 29, "tenants": ["tenant1", "tenant2"]},
               {"name": "net2", "cidr": "10.220.0.0/16", "block_mask": 28, "tenants": ["tenant3"]},
               {"name": "net3", "cidr": "10.240.0.0/16", "block_mask": 28}],
             "topologies": [{"networks": ["net1", "net2", "net3"], "map": [{"hosts": [{"name": "h", "ip": "192.168.0.1"}]}]}]}
            """)
        for (tenant, address) in [
            ("tenant1", "10.200.0.0"), ("tenant2", "10.200.0.8"), ("tenant3", "10.220.0.0"), ("other", "10.240.0.0"),
        ] {
            #expect(try cluster.allocate(tenant, on: "h", tenant) == address)
        }
    }

    @Test("four hosts fill two small networks but for what the last block of each cannot hold")
    func fillsNetworks() throws {
        let hosts = (1...4).map { #"{"name": "h\#($0)", "ip": "192.168.0.\#($0)"}"# }.joined(separator: ", ")
        var cluster = try ClusterModel(
            """
            {"networks": [{"name": "net1", "cidr": "10.200.0.0/26", "block_mask": 29},
                          {"name": "net2", "cidr": "10.220.0.0/26", "block_mask": 29},
                          {"name": "net3", "cidr": "10.240.0.0/26", "block_mask": 29}],
             "topologies": [{"networks": ["net1", "net2"], "map": [{"groups": [\(hosts)]}]}]}
            """)
        var given: Set<String> = []
        for index in 0..<128 { given.insert(try cluster.allocate("p\(index)", on: "h\(index % 4 + 1)")) }
        #expect(given.count == 128)
        #expect(throws: AllocationError.self) { try cluster.allocate("more", on: "h1") }
    }

    @Test("blacked-out addresses are left out, and blocks of nothing else are not granted")
    func leavesOutBlackouts() throws {
        var cluster = try cluster("10.0.0.0/29", mask: 30, more: #", "blacked_out": ["10.0.0.0/31", "10.0.0.4/30"]"#)
        #expect(try allocate(2, &cluster) == ["10.0.0.2", "10.0.0.3"])
        #expect(throws: AllocationError.self) { try cluster.allocate("more", on: "h") }
    }

    @Test("each host uses the networks that it has a group in")
    func usesOwnNetworks() throws {
        var cluster = try ClusterModel(
            """
            {"networks": [{"name": "net1", "cidr": "10.0.0.0/8", "block_mask": 30},
                          {"name": "net2", "cidr": "11.0.0.0/8", "block_mask": 30},
                          {"name": "net6", "cidr": "fd00::/64"}],
             "topologies": [
               {"networks": ["net1"], "map": [{"name": "a", "assignment": {"rack": "1"}}]},
               {"networks": ["net2", "net6"], "map": [{"name": "b", "assignment": {"rack": "2"}}]}]}
            """)
        try cluster.add(Documents.host("h1", ["rack": "1"]))
        try cluster.add(Documents.host("h2", ["rack": "2"]))
        #expect(try cluster.allocate("p", on: "h1", "", "") == "10.0.0.0")
        #expect(try cluster.allocate("q", on: "h2", "", "") == "11.0.0.0 fd00::")
    }
}
