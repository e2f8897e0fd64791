import Addresses
import Testing
import Topology

@Suite("the topology document")
struct TopologyDocumentTests {
    @Test("keys of any case are read, unknown ones and null ignored")
    func readsLoosely() throws {
        let document = try Documents.read(
            """
            {"Networks": [{"NAME": "net", "Cidr": "10.0.0.5/16", "Block_Mask": 28, "tenants": null, "extra": {"x": [1]}}],
             "version": 3, "TOPOLOGIES": [{"networks": ["net"], "Map": [
               {"Name": "a", "Groups": null, "Assignment": {"Tier": "x"}, "routing": "block-on-host", "cidr": "nonsense"},
               {"name": "b", "groups": [{"name": "h", "IP": "192.168.0.1"}], "dummy": false}]}]}
            """)
        let network = try #require(document.network("net"))
        #expect(network.cidr.description == "10.0.0.0/16" && network.blockMask == 28 && network.isForAll)
        let groups = document.topologies[0].groups
        #expect(groups.map(\.name) == ["a", "b"])
        #expect(groups[0].assignment == ["Tier": "x"] && groups[0].routing == "block-on-host" && groups[0].cidr == nil)
        #expect(groups[1].hosts.map(\.name) == ["h"] && groups[1].groups.isEmpty)
    }

    @Test(
        "block masks have a usual value for each family, and for short networks their own length",
        arguments: [
            ("10.0.0.0/8", 0, 29), ("10.0.0.0/30", 0, 30), ("10.0.0.0/24", 24, 24), ("fd00::/48", 0, 122),
            ("fd00::/124", 0, 124), ("10.0.0.0/32", 0, 32),
        ])
    func defaultsBlockMask(cidr: String, given: Int, mask: Int) throws {
        #expect(try Network(name: "n", cidr: IPPrefix(parsing: cidr), blockMask: given).blockMask == mask)
    }

    @Test("hosts are read from hosts, from groups with ip, and from right under map")
    func readsHosts() throws {
        for map in [
            #"[{"name": "g", "hosts": [{"name": "h1", "ip": "192.168.0.1"}, {"name": "h2", "ip": "fd00::2"}]}]"#,
            #"[{"name": "g", "groups": [{"name": "h1", "ip": "192.168.0.1"}, {"name": "h2", "ip": "fd00::2"}]}]"#,
            #"[{"name": "g", "groups": [{"name": "h1", "ip": "192.168.0.1"}], "hosts": [{"name": "h2", "ip": "fd00::2"}]}]"#,
            #"[{"name": "h1", "ip": "192.168.0.1"}, {"name": "h2", "ip": "fd00::2"}]"#,
        ] {
            let document = try Documents.one(map)
            #expect(document.namedHosts.map(\.name) == ["h1", "h2"])
            #expect(document.namedHosts.allSatisfy { $0.groups["net"]?.cidr.description == "10.0.0.0/16" })
        }
    }

    @Test("a network in no topology is harmless")
    func allowsNetworkWithoutTree() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "a", "cidr": "10.0.0.0/20"}, {"name": "b", "cidr": "10.1.0.0/20"}],
             "topologies": [{"networks": ["a"], "map": [{"groups": []}]}]}
            """)
        #expect(document.tree(of: "b") == nil && document.tree(of: "a")?.leaves.map(\.path) == ["/"])
        let host = try Documents.host("h")
        #expect(try Placement(document, hosts: []).groups(for: host).keys.sorted() == ["a"])
        #expect(document.shown(with: [host]).networks.map(\.name) == ["a", "b"])
        #expect(try Documents.read("{}").networks.isEmpty)
    }

    /// A document that is refused, and words that the error must have.
    static let refused: [(String, [String])] = [
        (#"{"networks": [{"cidr": "10.0.0.0/8"}]}"#, ["networks[0].name", "10.0.0.0/8"]),
        (#"{"networks": [{"name": "a"}]}"#, ["networks[0].cidr", "a"]),
        (#"{"networks": [{"name": "a", "cidr": "10.0.0.0/33"}]}"#, ["networks[0].cidr", "10.0.0.0/33", "network a"]),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24", "block_mask": 20}]}"#,
            ["networks[0].block_mask", "invalid blockmask", "20", "network a", "24 to 32"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24", "block_mask": 33}]}"#,
            ["networks[0].block_mask", "invalid blockmask", "33"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "fd00::/64", "block_mask": 129}]}"#,
            ["invalid blockmask", "64 to 128"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24", "tenants": ["x", "a b"]}]}"#,
            ["networks[0].tenants", "bad tenant name", "a b"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24"}, {"name": "a", "cidr": "10.0.1.0/24"}]}"#,
            ["networks[1].name", "already defined", "10.0.1.0/24", "networks[0]", "10.0.0.0/24"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24"}, {"name": "b", "cidr": "10.0.0.0/24"}]}"#,
            ["networks[1].cidr", "network b overlaps", "network a"]
        ),
        (
            #"""
            {"networks": [{"name": "a", "cidr": "10.0.1.0/24"}, {"name": "x", "cidr": "9.0.0.0/8"},
                          {"name": "b", "cidr": "10.0.0.0/8"}]}
            """#,
            ["networks[2].cidr", "10.0.0.0/8 of network b overlaps 10.0.1.0/24 of network a"]
        ),
        (
            #"{"networks": [{"name": "a", "cidr": "10.0.0.0/24", "blacked_out": ["10.0.0.0/24"]}]}"#,
            ["networks[0].blacked_out", "10.0.0.0/24"]
        ),
        (
            #"{"networks": [], "topologies": [{"networks": ["a"], "map": []}]}"#,
            ["topologies[0].networks[0]", "network a is not defined"]
        ),
        (
            #"""
            {"networks": [{"name": "a", "cidr": "10.0.0.0/24"}],
             "topologies": [{"networks": ["a"], "map": []}, {"networks": ["a"], "map": []}]}
            """#,
            ["topologies[1].networks[0]", "network a appears more than once", "topologies[0].networks[0]"]
        ),
        (
            #"""
            {"networks": [{"name": "a", "cidr": "10.0.0.0/24", "block_mask": 25}],
             "topologies": [{"networks": ["a"], "map": [{"name": "x", "groups": [{"name": "p"}, {"name": "q"}, {"name": "r"}]}]}]}
            """#,
            ["topologies[0].map[0].groups[0]", "x/p", "10.0.0.0/26", "network a", "block_mask 25"]
        ),
        (
            #"""
            {"networks": [{"name": "a", "cidr": "10.0.0.0/31"}],
             "topologies": [{"networks": ["a"], "map": [{"dummy": true}, {"dummy": true}, {"dummy": true}]}]}
            """#,
            ["topologies[0].map", "3 groups do not fit into 10.0.0.0/31", "network a"]
        ),
        (
            #"""
            {"networks": [{"name": "a", "cidr": "10.0.0.0/24"}],
             "topologies": [{"networks": ["a"], "map": [{"groups": [{"name": "g"}, {"name": "h", "ip": "1.1.1.1"}]}]}]}
            """#,
            ["topologies[0].map[0].groups", "host h (1.1.1.1)", "group \"g\""]
        ),
        (
            #"{"topologies": [{"map": [{"groups": [{"name": "g"}], "hosts": [{"name": "h", "ip": "1.1.1.1"}]}]}]}"#,
            ["topologies[0].map[0].hosts", "host h", "group \"g\""]
        ),
        (
            #"{"topologies": [{"map": [{"hosts": [{"name": "h"}]}]}]}"#,
            ["topologies[0].map[0].hosts", "\"h\" has no ip"]
        ),
        (
            #"{"topologies": [{"map": [{"groups": [{"name": "h", "ip": "x"}]}]}]}"#,
            ["map[0].groups[0].ip", "\"x\"", "h"]
        ),
        (#"{"topologies": [{"map": [{"groups": [{"ip": "1.1.1.1"}]}]}]}"#, ["map[0].groups[0].name", "1.1.1.1"]),
    ]

    @Test("what cannot stand is refused by naming the field and both parties", arguments: refused)
    func refuses(json: String, words: [String]) {
        let error = #expect(throws: TopologyError.self) { try Documents.read(json) }
        let text = error?.description ?? ""
        for word in words { #expect(text.contains(word), "\(text)") }
    }

    @Test("a tree that is too deep is refused")
    func refusesDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"[{"name": "g", "groups": "#, count: depth) + "[]"
                + String(repeating: "}]", count: depth)
        }
        #expect(try Documents.one(nested(32)).tree(of: "net")?.leaves.count == 1)
        #expect(throws: TopologyError.self) { try Documents.one(nested(33)) }
    }

    @Test("wrong types are the decoder's errors, with the path")
    func refusesTypes() {
        #expect(throws: DecodingError.self) { try Documents.read(#"{"networks": {"name": "a"}}"#) }
        #expect(throws: DecodingError.self) {
            try Documents.read(#"{"networks": [{"name": 5, "cidr": "10.0.0.0/8"}]}"#)
        }
        #expect(throws: DecodingError.self) { try Documents.read("[]") }
    }

    @Test("duplicate hosts in a file are accepted")
    func acceptsDuplicateHosts() throws {
        let list = #"{"groups": [{"name": "h1", "ip": "1.1.1.1"}, {"name": "h1", "ip": "1.1.1.1"}]}"#
        #expect(try Documents.one("[\(list), \(list)]").namedHosts.map(\.name) == ["h1"])
    }

    @Test("what is shown has addresses and hosts, and can be posted back")
    func showsAndReadsBack() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "prod", "cidr": "10.115.0.0/20", "tenants": ["p"]},
                          {"name": "all", "cidr": "10.125.0.0/20", "blacked_out": ["10.125.0.0/30"]},
                          {"name": "none", "cidr": "10.126.0.0/20"}],
             "topologies": [{"networks": ["prod", "all"], "map": [
               {"name": "zone-1", "groups": [
                 {"name": "rack-1", "assignment": {"rack": "1"}, "routing": "block-on-host"},
                 {"name": "rack-2", "assignment": {"rack": "2"}}]},
               {"name": "zone-2", "groups": [{"name": "rack-1", "assignment": {"rack": "3"}}]}, {"dummy": true}]}]}
            """)
        var host = try Documents.host("node", ["rack": "2", "os": "linux"], address: "192.168.0.10")
        host.groups = try Placement(document, hosts: []).groups(for: host)
        #expect(host.groups["prod"]?.path == "zone-1/rack-2")
        let shown = document.shown(with: [host])
        let text = try Documents.write(shown)
        #expect(
            try Documents.write(shown.topologies[0]) == #"""
                {"map":[{"cidr":"10.115.0.0/22","groups":[{"assignment":{"rack":"1"},"cidr":"10.115.0.0/23",\#
                "name":"rack-1","routing":"block-on-host"},{"assignment":{"rack":"2"},"cidr":"10.115.2.0/23",\#
                "groups":[{"assignment":{"os":"linux","rack":"2"},"ip":"192.168.0.10","name":"node"}],\#
                "name":"rack-2"}],"name":"zone-1"},{"cidr":"10.115.4.0/22","groups":[{"assignment":{"rack":"3"},\#
                "cidr":"10.115.4.0/22","name":"rack-1"}],"name":"zone-2"},{"cidr":"10.115.8.0/22","dummy":true}],\#
                "networks":["prod"]}
                """#)
        #expect(shown.topologies.map(\.networks) == [["prod"], ["all"]])
        #expect(text.contains(#""name":"all","tenants":["*"]"#) && text.contains(#""tenants":["p"]"#))
        #expect(text.contains(#""blacked_out":["10.125.0.0/30"]"#))
        let again = try Documents.read(text)
        #expect(again.networks == document.networks)
        #expect(again.tree(of: "all")?.leaves.map(\.cidr) == document.tree(of: "all")?.leaves.map(\.cidr))
        #expect(try Documents.write(again.shown(with: [host])) == text)
        #expect(again.namedHosts.map(\.groups) == [host.groups])
    }
}
