import Addresses
import Foundation
import Testing
import Topology

@Suite("outlines of a topology")
struct TopologyOutlineTests {
    static let document = """
        {"networks": [{"name": "prod", "cidr": "10.115.0.0/20", "tenants": ["p", "q"], "blacked_out": ["10.115.0.0/28"]},
                      {"name": "six", "cidr": "fd00::/40"}],
         "topologies": [{"networks": ["prod"], "map": [
           {"name": "zone-1", "groups": [
             {"name": "rack-1", "assignment": {"rack": "1"}, "routing": "block-on-host"},
             {"name": "rack-2", "hosts": [{"name": "x", "ip": "1.1.1.1"}]}, {}]},
           {"name": "zone-2", "groups": [{"name": "rack-1"}]}, {"dummy": true}]}]}
        """

    @Test("the tree is drawn with addresses, hosts and capacity")
    func draws() throws {
        var outline = TopologyOutline(try Documents.read(Self.document))
        #expect(
            outline.lines == [
                "network prod  10.115.0.0/20  1 host, 510 blocks, 4080 addresses, blocks of /29, for p, q, "
                    + "blacked out: 10.115.0.0/28",
                "├─ zone-1     10.115.0.0/22   1 host, 126 blocks, 1008 addresses",
                "│  ├─ rack-1  10.115.0.0/24   0 hosts, 30 blocks, 240 addresses  rack=1  routing: block-on-host",
                "│  ├─ rack-2  10.115.1.0/24   1 host, 32 blocks, 256 addresses",
                "│  ├─ #3      10.115.2.0/24   0 hosts, 32 blocks, 256 addresses",
                "│  └─ -       10.115.3.0/24   kept free",
                "├─ zone-2     10.115.4.0/22   0 hosts, 128 blocks, 1024 addresses",
                "│  └─ rack-1  10.115.4.0/22   0 hosts, 128 blocks, 1024 addresses",
                "├─ #3         10.115.8.0/22   dummy, takes no host",
                "└─ -          10.115.12.0/22  kept free",
                "network six  fd00::/40  0 hosts, 2^82 blocks, 2^88 addresses, blocks of /122, for all tenants",
                "└─ in no topology: no host takes part in it",
            ])
        outline = TopologyOutline(try Documents.one("[{}]", cidr: "10.0.0.0/29"))
        #expect(
            outline.lines == [
                "network net  10.0.0.0/29  0 hosts, 1 block, 8 addresses, blocks of /29, for all tenants",
                "└─ /  10.0.0.0/29  0 hosts, 1 block, 8 addresses",
            ])
        #expect(TopologyOutline(try Documents.read("{}")).lines.isEmpty)
    }

    @Test("hosts and blocks of a cluster are counted where they are")
    func counts() throws {
        let document = try Documents.read(Self.document)
        var host = try Documents.host("n")
        host.groups["prod"] = document.tree(of: "prod")?.leaf("zone-2/rack-1")?.place
        let blocks = try ["10.115.4.0/29", "10.115.4.8/29", "10.115.1.0/29"].map { try Sample.block($0, "prod") }
        let prod = try #require(TopologyOutline(document, hosts: [host], blocks: blocks).networks.first)
        #expect(prod.hosts == 1 && prod.blocksTaken == 3 && prod.padding.map(\.description) == ["10.115.12.0/22"])
        let zones = try #require(prod.groups)
        #expect(zones.map(\.hosts) == [0, 1, 0] && zones.map(\.blocksTaken) == [1, 2, 0])
        #expect(zones[1].groups.map(\.hostNames) == [["n"]] && zones[1].groups[0].path == "zone-2/rack-1")
        #expect(zones[1].capacity.blocks == 128 && zones[0].padding.map(\.description) == ["10.115.3.0/24"])
        #expect(prod.lines[6] == "├─ zone-2     10.115.4.0/22   1 host, 2 of 128 blocks, 1024 addresses")
    }

    @Test("the outline is written with numbers that every reader of JSON can hold")
    func writes() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "a", "cidr": "10.0.0.0/28"}, {"name": "six", "cidr": "fd00::/64"}],
             "topologies": [{"networks": ["a"], "map": [{"name": "x", "hosts": [{"name": "h", "ip": "1.1.1.1"}]}]}]}
            """)
        #expect(
            try Documents.write(TopologyOutline(document)) == #"""
                {"networks":[{"addresses":16,"blacked_out":[],"block_mask":29,"blocks":2,"blocks_taken":0,\#
                "cidr":"10.0.0.0/28","groups":[{"addresses":16,"assignment":{},"blocks":2,"blocks_taken":0,\#
                "cidr":"10.0.0.0/28","dummy":false,"host_names":["h"],"hosts":1,"name":"x","path":"x",\#
                "routing":""}],"hosts":1,"kept_free":[],"name":"a","tenants":["*"]},{"addresses":"18446744073709551616",\#
                "blacked_out":[],"block_mask":122,"blocks":"288230376151711744","blocks_taken":0,"cidr":"fd00::/64",\#
                "hosts":0,"kept_free":[],"name":"six","tenants":["*"]}]}
                """#)
    }
}
