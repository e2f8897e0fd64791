import Addresses
import Testing
import Topology

/// What the original got wrong, each by its name.
@Suite("faults of the original")
struct RegressionTests {
    /// A region of six zones with four groups each, which is two groups short of a power of two.
    private func region() throws -> TopologyDocument {
        try BuiltInTopology.aws(region: "r-1", zones: ["a", "b", "c", "d", "e", "f"].map { "r-1\($0)" }).document()
    }

    @Test("padding groups got hosts")
    func paddingGroups() throws {
        var cluster = try ClusterModel(region())
        for index in 0..<12 {
            try cluster.add(
                Documents.host(
                    "n\(index)", ["topology.kubernetes.io/region": "r-1", "topology.kubernetes.io/zone": "r-1a"],
                    address: "10.9.0.\(index)"))
        }
        let zone = try Sample.prefix("100.96.0.0/14")
        #expect(cluster.hosts.values.allSatisfy { $0.groups.values.allSatisfy { zone.contains($0.cidr) } })
        let tree = try #require(cluster.document.tree(of: BuiltInTopology.network))
        #expect(
            tree.leaves.prefix(4).map { cluster.placement.hosts(in: $0.path, of: tree.network.name) } == [3, 3, 3, 3])
    }

    @Test("names of nested groups were lost, and whether they are dummies")
    func nestedNames() throws {
        let map =
            #"[{"name": "z", "groups": [{"name": "r", "groups": [{"name": "s"}, {"name": "t", "dummy": true}]}]}, {}]"#
        let document = try Documents.one(map)
        #expect(
            document.tree(of: "net")?.leaves.map { "\($0.path) \($0.isDummy)" } == [
                "z/r/s false", "z/r/t true", "#2 false",
            ])
        let again = try Documents.copy(document.shown(with: []))
        #expect(again.tree(of: "net") == document.tree(of: "net"))
    }

    @Test("blocks of a leaf smaller than a block ran into the neighbour")
    func smallLeaves() {
        let error = #expect(throws: TopologyError.self) {
            try Documents.one("[{}, {}, {}, {}]", cidr: "10.0.0.0/28", mask: 29)
        }
        #expect(error?.all.map(\.field) == (0..<4).map { "topologies[0].map[\($0)]" })
        #expect(
            error?.problem.contains("10.0.0.0/30 of network net, which is smaller than a block (block_mask 29)") == true
        )
    }

    @Test("bits behind the length of a CIDR shifted the network")
    func unmaskedCIDR() throws {
        var cluster = try ClusterModel(Documents.one("[{}]", cidr: "10.0.0.5/24"))
        try cluster.add(Documents.host("h"))
        #expect(cluster.document.networks[0].cidr.description == "10.0.0.0/24")
        #expect(try cluster.allocate("p", on: "h") == "10.0.0.0")
    }

    @Test("a network without a topology ended the process when hosts and blocks were listed")
    func networkWithoutTopology() throws {
        let document = try Documents.read(#"{"networks": [{"name": "a", "cidr": "10.0.0.0/24"}]}"#)
        let host = try Documents.host("h")
        #expect(
            document.shown(with: [host]).topologies.isEmpty && TopologyOutline(document, hosts: [host]).lines.count == 2
        )
        #expect(throws: TopologyError.self) { try Placement(document, hosts: [host]).groups(for: host) }
        #expect(Placement(document, hosts: [host]).hosts(in: "/", of: "a") == 0)
        let home = HostGroup(path: "/", cidr: document.networks[0].cidr)
        #expect(throws: TopologyError.self) {
            try BlockGrant(
                1, of: "a", home: home, held: [], taken: BlockSpace(), placement: Placement(document, hosts: []))
        }
    }

    @Test("a host that was removed left owners and names behind")
    func removedHosts() throws {
        var cluster = try ClusterModel(Documents.one("[{}]", cidr: "10.0.0.0/29"))
        try cluster.add(Documents.host("h", address: "10.9.0.1"))
        #expect(try cluster.allocate("pod", on: "h", "t", "one") == "10.0.0.0")
        cluster.remove("h")
        #expect(try cluster.blocks.isEmpty && cluster.taken.count(in: Sample.prefix("10.0.0.0/29")) == 0)
        // The same name and address, the same pod, another tenant: all is new.
        try cluster.add(Documents.host("h", address: "10.9.0.1"))
        #expect(try cluster.allocate("pod", on: "h", "u", "two") == "10.0.0.0")
        #expect(cluster.nodes["h"]?.records.map { "\($0.tenant) \($0.segment) \($0.allocated)" } == ["u two 1"])
    }

    @Test("a topology that was refused was forgotten all the same")
    func refusedTopology() throws {
        var cluster = try ClusterModel(Documents.one("[{}]", cidr: "10.0.0.0/24"))
        try cluster.add(Documents.host("h"))
        _ = try cluster.allocate("p", on: "h")
        cluster.writeRecords()
        let before = cluster
        for refused in ["10.1.0.0/24", "127.0.0.0/24"] {
            #expect(throws: TopologyError.self) { try cluster.post(Documents.one("[{}]", cidr: refused)) }
        }
        #expect(cluster.document == before.document && cluster.hosts == before.hosts && cluster.blocks == before.blocks)
        #expect(try cluster.allocate("q", on: "h") == "10.0.0.1")
    }

    @Test("hosts that were not in the file kept a topology from being replaced, or vanished")
    func hostsOutsideOfFile() throws {
        var cluster = try ClusterModel(Documents.one(#"[{"name": "a"}]"#))
        try cluster.add(Documents.host("h"))
        #expect(try cluster.allocate("p", on: "h") == "10.0.0.0")
        _ = try cluster.post(Documents.one(#"[{"name": "a", "routing": "x"}, {"name": "b"}]"#))
        #expect(cluster.hosts["h"]?.groups["net"]?.description == "a 10.0.0.0/17")
        #expect(try cluster.allocate("q", on: "h") == "10.0.0.1")
    }

    @Test("what was shown could not be posted: all tenants, repeated networks, hosts right under map")
    func shownTopology() throws {
        let shown = """
            {"networks": [{"name": "a", "cidr": "10.0.0.0/16", "block_mask": 29, "tenants": ["t", "u"]},
                          {"name": "b", "cidr": "10.1.0.0/16", "block_mask": 29, "tenants": ["*"]}],
             "topologies": [{"networks": ["a", "a"], "map": [{"name": "h", "ip": "10.9.0.1", "assignment": {"x": "y"}}]},
                            {"networks": ["b"], "map": [{"name": "z", "cidr": "10.1.0.0/17", "groups": [
                              {"name": "h", "ip": "10.9.0.1", "assignment": {"x": "y"}}]}, {"name": "w", "cidr": "10.1.128.0/17"}]}]}
            """
        let document = try Documents.read(shown)
        #expect(document.networks.map(\.isForAll) == [false, true])
        #expect(document.namedHosts.map { $0.groups.mapValues(\.path) } == [["a": "/", "b": "z"]])
        let again = try Documents.copy(document.shown(with: document.namedHosts))
        #expect(again.looksAndNames == document.looksAndNames)
    }

    @Test("an address that was wanted by itself kept the tenant who had its block before")
    func wantedAddress() throws {
        var node = try Sample.node("10.0.0.0/30")
        _ = try node.give("p", "old", "s")
        _ = node.release(owner: "p", now: 0)
        #expect(
            node.claim(owner: "q", address: try IPAddress(parsing: "10.0.0.2"), tenant: "new", segment: "s") == true)
        #expect(node.records.map { "\($0.tenant) \($0.allocated)" } == ["new 1"])
        // The next of that tenant is beside it, that of the former elsewhere.
        node.addBlock(try Sample.block("10.0.0.4/30"))
        #expect(try node.give("r", "new", "s") == ["10.0.0.0"])
        #expect(try node.give("t", "old", "s") == ["10.0.0.4"])
    }

    @Test("counts were wrong once the free addresses of a block were scattered")
    func scatteredCounts() throws {
        var node = try Sample.node("10.0.0.0/26")
        for index in 0..<64 { _ = try node.give("p\(index)") }
        for (count, index) in stride(from: 1, to: 64, by: 2).enumerated() {
            _ = node.release(owner: "p\(index)", now: 0)
            #expect(node.records.map(\.allocated) == [63 - count])
            #expect(node.statistics.idle + node.statistics.cooling == count + 1)
        }
        for index in 0..<32 { #expect(try node.give("q\(index)") == ["10.0.0.\(2 * index + 1)"]) }
        #expect(node.records.map(\.allocated) == [64])
    }

    @Test("a block that was wholly in use could not be looked at")
    func fullBlocks() throws {
        var node = try Sample.node("10.0.0.0/32")
        #expect(try node.give("p") == ["10.0.0.0"])
        #expect(node.wants().count == 1 && node.surplus(now: 0).isEmpty && node.statistics.idle == 0)
        #expect(throws: AllocationError.self) { try node.give("q") }
        #expect(node.release(owner: "p", now: 0).count == 1)
        #expect(try node.give("q") == ["10.0.0.0"])
    }

    @Test("networks over the service range were found by the agent only")
    func serviceRange() throws {
        let document = try Documents.one("[{}]", cidr: "10.100.0.0/16")
        #expect(throws: TopologyError.self) { try document.check(apartFrom: [Sample.prefix("10.96.0.0/12")]) }
        #expect(throws: TopologyError.self) {
            try TopologyChange(
                from: nil, to: document, hosts: [], blocks: [], services: [Sample.prefix("10.96.0.0/12")])
        }
    }
}
