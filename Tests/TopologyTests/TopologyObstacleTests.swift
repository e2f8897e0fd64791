import Addresses
import Testing
import Topology

@Suite("what stands in the way of a new topology")
struct TopologyObstacleTests {
    /// Hosts h1 (rack 1) and h2 (rack 2) in groups a and b of 10.0.0.0/16, each with a block in use, that of h2 yet to
    /// be counted.
    private func running() throws -> RunningCluster {
        var cluster = RunningCluster(try Documents.one(#"[{"name": "a"}, {"name": "b"}]"#))
        for rack in ["1", "2"] { try cluster.add("h\(rack)", ["rack": rack]) }
        for name in ["h1", "h2"] { try cluster.use(on: name) }
        cluster.blocks[0].allocated = 3
        cluster.blocks[1].allocated = 0
        return cluster
    }

    private static func one(_ cidr: String, _ map: String, mask: Int = 29) -> String {
        """
        {"networks": [{"name": "net", "cidr": "\(cidr)", "block_mask": \(mask)}],
         "topologies": [{"networks": ["net"], "map": \(map)}]}
        """
    }

    /// A document, and for each obstacle its words.
    static let refused: [(String, [[String]])] = [
        (
            one("10.200.0.0/16", "[{}]"),
            [
                [
                    "networks: block 10.0.0.0/29 of host h1 (3 addresses of t/s) is in use and would be part of no network; "
                        + "it is part of network net now"
                ], ["block 10.0.128.0/29 of host h2 (0 addresses of t/s)", "no network"],
            ]
        ),
        (
            #"{"networks": [{"name": "net", "cidr": "10.0.0.0/16"}, {"name": "x", "cidr": "10.1.0.0/16"}], "topologies": [{"networks": ["x"], "map": [{}]}]}"#,
            [["10.0.0.0/29", "network net, which would be in no topology"], ["10.0.128.0/29", "no topology"]]
        ),
        // A third group cuts quarters, of which the last is kept free.
        (
            one("10.0.0.0/17", #"[{"name": "a"}, {"name": "b"}, {"name": "c"}]"#),
            [["10.0.128.0/29", "no network"]]
        ),
        (
            one(
                "10.0.0.0/16",
                #"[{"name": "a"}, {"name": "b", "groups": [{"dummy": true}, {"name": "c"}]}, {"name": "d"}]"#),
            []
        ),
        (
            one("10.0.0.0/15", #"[{"name": "a", "assignment": {"rack": "1"}}]"#),
            [["host h2", "no suitable group", "rack=2"]]
        ),
        (
            one(
                "10.0.0.0/16",
                #"[{"name": "a", "hosts": [{"name": "h1", "ip": "1.1.1.1"}, {"name": "h9", "ip": "192.168.1.2"}]}]"#),
            [
                ["topologies[0].map[0]", "it names host h1 with 1.1.1.1, host h1 has 192.168.1.1"],
                ["topologies[0].map[0]", "it names host h9 with 192.168.1.2, which host h2 has"],
            ]
        ),
        (
            one(
                "10.0.0.0/16",
                #"[{"name": "a", "hosts": [{"name": "x", "ip": "1.1.1.1"}, {"name": "y", "ip": "1.1.1.1"}]}]"#),
            [["topologies[0].map[0]", "host y (1.1.1.1) has the address of host x"]]
        ),
        (
            one("10.0.0.0/8", #"[{"name": "a"}]"#),
            [["networks[0].cidr", "10.0.0.0/8 of network net overlaps 10.96.0.0/12", "service addresses"]]
        ),
        // Everything at once.
        (
            one("10.96.0.0/16", #"[{"name": "a", "assignment": {"rack": "3"}}]"#),
            [
                ["networks[0].cidr", "10.96.0.0/12"], ["block 10.0.0.0/29"], ["block 10.0.128.0/29"], ["host h1"],
                ["host h2"],
            ]
        ),
    ]

    @Test("everything that stands in the way is told, each by its name", arguments: refused)
    func refuses(json: String, obstacles: [[String]]) throws {
        let cluster = try running()
        let document = try Documents.read(json)
        let services = [try Sample.prefix("10.96.0.0/12")]
        guard !obstacles.isEmpty else {
            _ = try cluster.change(to: document, services: services)
            return
        }
        let error = #expect(throws: TopologyError.self) { try cluster.change(to: document, services: services) }
        #expect(error?.all.count == obstacles.count, "\(error?.description ?? "")")
        for (part, words) in zip(error?.all ?? [], obstacles) {
            for word in words { #expect(part.description.contains(word), "\(part)") }
        }
    }

    @Test("a block in use in a part that would be kept free stands in the way")
    func keepsPadding() throws {
        var cluster = RunningCluster(
            try Documents.one(#"[{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]"#))
        for name in ["h1", "h2", "h3", "h4"] { try cluster.add(name) }
        try cluster.use(on: "h4")
        let error = #expect(throws: TopologyError.self) {
            try cluster.change(to: Documents.one(#"[{"name": "a"}, {"name": "b"}, {"name": "c"}]"#))
        }
        #expect(error?.all.count == 1)
        #expect(
            error?.problem == "block 10.0.192.0/29 of host h4 (1 address of t/s) is in use "
                + "and would be part of no group of network net")
    }

    @Test("a block in use that groups would cut stands in the way")
    func keepsBlocksWhole() throws {
        var cluster = RunningCluster(try Documents.one("[{}]", cidr: "10.0.0.0/28", mask: 28))
        try cluster.add("h1")
        try cluster.use(on: "h1")
        let error = #expect(throws: TopologyError.self) {
            try cluster.change(to: Documents.one(#"[{"name": "a"}, {"name": "b"}]"#, cidr: "10.0.0.0/28", mask: 30))
        }
        #expect(
            error?.problem.contains("would be cut by the groups of network net: a (10.0.0.0/29) and b (10.0.0.8/29)")
                == true)
    }

    @Test("a block of a host that is gone is kept like any other")
    func keepsOrphans() throws {
        var cluster = try running()
        cluster.hosts.removeAll { $0.name == "h2" }
        #expect(throws: TopologyError.self) { try cluster.change(to: Documents.one("[{}]", cidr: "10.0.0.0/17")) }
        #expect(try cluster.change(to: Documents.one("[{}]")).outside.isEmpty)
    }

    @Test("a block that came into use when no group had it any more stands in the way of no later document")
    func leavesStrays() throws {
        let wide = try Documents.one("[{}]")
        let narrow = try Documents.one("[{}]", cidr: "10.0.128.0/17")
        var cluster = RunningCluster(wide)
        try cluster.add("h1")
        let stray = try cluster.use(on: "h1")
        #expect(stray.description == "10.0.0.0/29")
        #expect(throws: TopologyError.self) { try cluster.change(to: narrow) }
        cluster.document = narrow
        #expect(try cluster.change(to: narrow).settlement.blocks.map { "\($0.cidr) \($0.group)" } == ["10.0.0.0/29 "])
        cluster.apply(try cluster.change(to: Documents.one(#"[{"name": "a"}]"#, cidr: "10.0.128.0/17")))
        cluster.apply(try cluster.change(to: wide))
        #expect(cluster.blocks.map(\.groupCIDR) == [try #require(IPPrefix("10.0.0.0/16"))])
    }

    @Test("what stands in the way of a document in force holds up nobody else")
    func settlesTheRest() throws {
        var cluster = RunningCluster(try Documents.one(#"[{"name": "a"}, {"name": "b"}]"#))
        for rack in ["1", "2"] { try cluster.add("h\(rack)", ["rack": rack]) }
        for name in ["h1", "h2", "h2"] { try cluster.use(on: name) }
        cluster.blocks[2].allocated = 0
        (cluster.blocks[2].tenant, cluster.blocks[2].segment) = ("", "")
        let document = try Documents.one(#"[{"name": "c", "assignment": {"rack": "1"}}]"#, cidr: "10.0.0.0/17")
        #expect(throws: TopologyError.self) {
            try Settlement(document, hosts: cluster.hosts, blocks: cluster.blocks)
        }
        let settlement = Settlement(following: document, hosts: cluster.hosts, blocks: cluster.blocks)
        #expect(settlement.hosts.map { "\($0.name) \($0.groups["net"]?.path ?? "")" } == ["h1 c"])
        // The block in use gives no more addresses, as the one that nobody uses; both go back in the end.
        #expect(
            settlement.blocks.map { "\($0.cidr) \($0.group)" } == ["10.0.0.0/29 c", "10.0.128.0/29 ", "10.0.128.8/29 "])
        #expect(settlement.abandoned.map(\.cidr.description) == ["10.0.128.8/29"])
        #expect(settlement.obstacles.map(\.field) == ["networks", "host h2"] && settlement.groups["h2"] == nil)
    }
}
