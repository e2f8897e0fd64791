import Addresses
import Testing
import Topology

@Suite("placement of hosts")
struct PlacementTests {
    /// Places hosts one after another and gives the paths in one network.
    private func place(
        _ count: Int, in document: TopologyDocument, tags: [String: String] = [:], network: String = "net"
    ) throws -> [String] {
        var placement = Placement(document, hosts: [])
        return try (0..<count).compactMap { index in
            var host = try Documents.host("h\(index)", tags)
            host.groups = try placement.groups(for: host)
            placement.add(host)
            return host.groups[network]?.path
        }
    }

    @Test("hosts go to the group with the fewest, the first of equals")
    func balances() throws {
        let map = "[" + (1...8).map { #"{"name": "host-group-0\#($0)", "groups": []}"# }.joined(separator: ",") + "]"
        let document = try Documents.one(map, cidr: "10.112.0.0/12")
        let paths = try place(10, in: document)
        #expect(paths == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2].map { "host-group-0\($0)" })
    }

    @Test("padding never takes a host: zones stay pure", arguments: [(6, 4), (3, 8)])
    func keepsZonesPure(zones: Int, leaves: Int) throws {
        let names = ["a", "b", "c", "d", "e", "f"].prefix(zones).map { "r-1\($0)" }
        let document = try Documents.region(names, leaves: leaves)
        for label in ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"] {
            let paths = try place(20, in: document, tags: [label: "r-1a"])
            #expect(paths == (0..<20).map { "failure-domain: r-1a/r-1a-group-0\($0 % leaves + 1)" })
        }
        #expect(throws: TopologyError.self) { try place(1, in: document) }
        #expect(throws: TopologyError.self) {
            try place(1, in: document, tags: ["topology.kubernetes.io/zone": "r-1x"])
        }
    }

    @Test("labels decide which groups suit")
    func matchesLabels() throws {
        let tiers = ["backend", "frontend", "backend", "frontend"].enumerated()
        let map = tiers.map { #"{"name": "group\#($0.0 + 1)", "assignment": {"tier": "\#($0.1)"}}"# }
        let document = try Documents.one("[" + map.joined(separator: ",") + "]")
        let backends = try place(8, in: document, tags: ["tier": "backend", "more": "x"])
        #expect(backends.filter { $0 == "group1" }.count == 4 && backends.filter { $0 == "group3" }.count == 4)
        #expect(try place(4, in: document, tags: ["tier": "frontend"]) == ["group2", "group4", "group2", "group4"])
        let error = #expect(throws: TopologyError.self) { try place(1, in: document, tags: ["tier": "other"]) }
        #expect(error?.field == "host h0")
        #expect(error?.problem.contains("no suitable group") == true && error?.problem.contains("tier=other") == true)
    }

    @Test("a host joins every network that takes it and no other")
    func joinsNetworks() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "one", "cidr": "100.11.0.0/20"}, {"name": "two", "cidr": "100.22.0.0/20"},
                          {"name": "six", "cidr": "fd00::/64"}],
             "topologies": [{"networks": ["one"], "map": [{"name": "g1", "assignment": {"rack": "1"}, "groups": []}]},
                            {"networks": ["two", "six"], "map": [
                              {"name": "g2", "assignment": {"rack": "2"}}, {"name": "g3", "assignment": {"rack": "3"}},
                              {"name": "g4", "assignment": {"rack": "4"}}]}]}
            """)
        let placement = Placement(document, hosts: [])
        for (rack, places) in [
            ("1", ["one": "g1"]), ("2", ["two": "g2", "six": "g2"]), ("4", ["two": "g4", "six": "g4"]),
        ] {
            let groups = try placement.groups(for: Documents.host("h", ["rack": rack]))
            #expect(groups.mapValues(\.path) == places)
        }
    }

    @Test("dummy groups and what is below them take no host")
    func avoidsDummies() throws {
        let document = try Documents.one(
            #"[{"name": "d", "dummy": true, "groups": [{"name": "x"}]}, {"name": "e", "dummy": true}, {"name": "f"}]"#)
        #expect(try place(3, in: document) == ["f", "f", "f"])
    }

    @Test("a host stays where it is while its labels suit; else the label is named")
    func stays() throws {
        let document = try Documents.one(
            #"[{"name": "g1", "assignment": {"rack": "1"}}, {"name": "g2", "assignment": {"rack": "1"}}]"#)
        var host = try Documents.host("h", ["rack": "1"])
        host.groups["net"] = HostGroup(path: "g2", cidr: try Sample.prefix("9.9.9.0/24"))
        let placement = Placement(document, hosts: [host])
        host.tags["other"] = "x"
        #expect(try placement.groups(for: host)["net"]?.description == "g2 10.0.128.0/17")
        for tags in [["rack": "2"], [:]] {
            host.tags = tags
            let error = #expect(throws: TopologyError.self) { try placement.groups(for: host) }
            #expect(error?.problem.contains("rack") == true && error?.problem.contains("g2") == true)
        }
        host.tags = ["rack": "1"]
        host.groups["net"] = HostGroup(path: "gone", cidr: try Sample.prefix("9.9.9.0/24"))
        #expect(try placement.groups(for: host)["net"]?.path == "g1")
    }

    @Test("the document's word on a host comes before labels, and hosts it names count")
    func followsNames() throws {
        let document = try Documents.one(
            #"[{"name": "a", "hosts": [{"name": "h0", "ip": "192.168.0.1"}], "assignment": {"x": "y"}}, {"name": "b"}]"#
        )
        #expect(try Placement(document, hosts: []).groups(for: Documents.host("h0"))["net"]?.path == "a")
        #expect(try Placement(document, hosts: []).groups(for: Documents.host("h1", ["x": "y"]))["net"]?.path == "b")
    }

    @Test("a host that the document names keeps its place, whether it is there or not")
    func keepsNamedPlaces() throws {
        let document = try Documents.one(#"[{"name": "a", "hosts": [{"name": "p", "ip": "1.1.1.1"}]}, {"name": "b"}]"#)
        let host = try #require(document.namedHosts.first)
        var placement = Placement(document, hosts: [])
        for _ in 0..<2 {
            #expect(placement.hosts(in: "a", of: "net") == 1)
            #expect(try placement.groups(for: Documents.host("s"))["net"]?.path == "b")
            placement.add(host)
            placement.remove(host)
        }
    }

    @Test("a host that goes makes room")
    func makesRoom() throws {
        let document = try Documents.one(#"[{"name": "a"}, {"name": "b"}]"#)
        var hosts = try ["p", "q", "r"].map { try Documents.host($0) }
        for (index, path) in ["a", "b", "b"].enumerated() {
            hosts[index].groups["net"] = HostGroup(path: path, cidr: try Sample.prefix("10.0.0.0/17"))
        }
        var placement = Placement(document, hosts: hosts)
        #expect(try placement.groups(for: Documents.host("s"))["net"]?.path == "a")
        placement.remove(hosts[1])
        placement.remove(hosts[2])
        #expect(try placement.groups(for: Documents.host("s"))["net"]?.path == "b")
    }
}

extension HostGroup {
    var description: String { "\(path) \(cidr)" }
}
