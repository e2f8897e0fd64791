import Addresses
import Testing
import Topology

/// The behaviour that users of the original know.
@Suite("compatibility")
struct CompatibilityTests {
    @Test("addresses come, go and come again in the known order", arguments: Scenarios.addresses)
    func givesAddresses(scenario: Scenario) throws { try scenario.run() }

    @Test("hosts are placed as known", arguments: Scenarios.hosts)
    func placesHosts(scenario: Scenario) throws { try scenario.run() }

    @Test("documents take the place of others as known", arguments: Scenarios.changes)
    func changesTopologies(scenario: Scenario) throws { try scenario.run() }

    /// Documents with routing texts, written addresses and repeated hosts, and their leaves.
    static let documents: [(String, [String: [String]])] = [
        (
            """
            {"networks": [{"name": "flat", "cidr": "10.1.0.0/16", "block_mask": 28}],
             "topologies": [{"networks": ["flat"], "map": [
               {"routing": "block-on-host, block-announce-bgp:peer", "groups": [
                 {"name": "h1", "ip": "1.1.1.1"}, {"name": "h1", "ip": "1.1.1.1"}, {"name": "h2", "ip": "1.1.1.1"}]}]}]}
            """, ["flat": ["/ 10.1.0.0/16 block-on-host, block-announce-bgp:peer h1 h1 h2"]]
        ),
        (
            """
            {"networks": [{"name": "racks", "cidr": "10.1.0.0/16", "block_mask": 28}],
             "topologies": [{"networks": ["racks"], "map": [
               {"routing": "prefix-on-host", "groups": [{"name": "h1", "ip": "1.1.1.1"}]},
               {"routing": "prefix-on-host", "groups": [{"name": "h2", "ip": "1.1.1.2"}]},
               {"routing": "prefix-announce-bgp:peer", "groups": [{"name": "h3", "ip": "1.1.1.3"}]},
               {"routing": "prefix-announce-bgp:peer", "groups": []}]}]}
            """,
            [
                "racks": [
                    "#1 10.1.0.0/18 prefix-on-host h1", "#2 10.1.64.0/18 prefix-on-host h2",
                    "#3 10.1.128.0/18 prefix-announce-bgp:peer h3", "#4 10.1.192.0/18 prefix-announce-bgp:peer",
                ]
            ]
        ),
        (
            """
            {"networks": [{"name": "subnetA", "cidr": "10.1.0.0/16", "block_mask": 28},
                          {"name": "subnetB", "cidr": "10.2.0.0/16", "block_mask": 28}],
             "topologies": [
               {"networks": ["subnetA"], "map": [{"routing": "block-host-routes,prefix-announce-vpc", "groups": []}, {"groups": []}]},
               {"networks": ["subnetB"], "map": [{"groups": []}, {"groups": []}]}]}
            """,
            [
                "subnetA": ["#1 10.1.0.0/17 block-host-routes,prefix-announce-vpc", "#2 10.1.128.0/17 "],
                "subnetB": ["#1 10.2.0.0/17 ", "#2 10.2.128.0/17 "],
            ]
        ),
        (
            """
            {"networks": [{"name": "net1", "cidr": "10.0.0.0/8", "block_mask": 28}, {"name": "net2", "cidr": "11.0.0.0/8"}],
             "topologies": [
               {"networks": ["net1"], "map": [{"cidr": "10.0.0.0/8", "groups": [
                 {"cidr": "10.0.0.0/9", "groups": [{"name": "h1", "ip": "192.168.99.10"}]},
                 {"cidr": "10.128.0.0/9", "groups": [{"name": "h3", "ip": "192.168.99.12"}]}]}]},
               {"networks": ["net2"], "map": [{"cidr": "11.0.0.0/8", "groups": [{"name": "h5", "ip": "192.168.99.10"}]}]}]}
            """,
            ["net1": ["#1 10.0.0.0/9  h1", "#2 10.128.0.0/9  h3"], "net2": ["/ 11.0.0.0/8  h5"]]
        ),
    ]

    @Test("documents of every form are read", arguments: documents)
    func reads(json: String, leaves: [String: [String]]) throws {
        let document = try Documents.read(json)
        for (network, leaves) in leaves {
            let read = (document.tree(of: network)?.leaves ?? []).map { leaf in
                (["\(leaf.path) \(leaf.cidr) \(leaf.routing)"] + leaf.hosts.map(\.name)).joined(separator: " ")
            }
            #expect(read == leaves)
        }
    }

    @Test("hosts are shown in the order they are given")
    func showsInOrder() throws {
        let document = try Documents.one(#"[{"name": "a"}]"#)
        let hosts = try ["h2", "h1", "h3"].map { name in
            var host = try Documents.host(name)
            host.groups = try Placement(document, hosts: []).groups(for: host)
            return host
        }
        #expect(document.shown(with: hosts).topologies[0].groups[0].hosts.map(\.name) == ["h2", "h1", "h3"])
    }

    @Test("what is shown has the form of the original")
    func shows() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "production", "cidr": "10.115.0.0/20", "block_mask": 29, "tenants": ["35847ea4"]},
                          {"name": "kube", "cidr": "10.112.0.0/16"}],
             "topologies": [
               {"networks": ["production"], "map": [{"name": "zone-1", "groups": [
                 {"name": "rack-1", "assignment": {"zone": "zone-1", "rack": "rack-1"}},
                 {"name": "rack-2", "assignment": {"zone": "zone-1", "rack": "rack-2"}}]}, {"name": "zone-2"}]},
               {"networks": ["kube"], "map": [{"name": "host-group-01"}, {"name": "host-group-02"}]}]}
            """)
        var host = try Documents.host("node", ["zone": "zone-1", "rack": "rack-1"], address: "192.168.0.10")
        host.groups = try Placement(document, hosts: []).groups(for: host)
        #expect(
            try Documents.write(document.shown(with: [host])) == #"""
                {"networks":[{"block_mask":29,"cidr":"10.115.0.0/20","name":"production","tenants":["35847ea4"]},\#
                {"block_mask":29,"cidr":"10.112.0.0/16","name":"kube","tenants":["*"]}],"topologies":[{"map":[\#
                {"cidr":"10.115.0.0/21","groups":[{"assignment":{"rack":"rack-1","zone":"zone-1"},"cidr":"10.115.0.0/22",\#
                "groups":[{"assignment":{"rack":"rack-1","zone":"zone-1"},"ip":"192.168.0.10","name":"node"}],\#
                "name":"rack-1"},{"assignment":{"rack":"rack-2","zone":"zone-1"},"cidr":"10.115.4.0/22","name":"rack-2"}],\#
                "name":"zone-1"},{"cidr":"10.115.8.0/21","name":"zone-2"}],"networks":["production"]},{"map":[\#
                {"cidr":"10.112.0.0/17","groups":[{"assignment":{"rack":"rack-1","zone":"zone-1"},"ip":"192.168.0.10",\#
                "name":"node"}],"name":"host-group-01"},{"cidr":"10.112.128.0/17","name":"host-group-02"}],"networks":["kube"]}]}
                """#)
    }
}
