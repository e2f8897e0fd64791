import Addresses
import SeededRandom
import Testing
import Topology

@Suite("trees of groups")
struct GroupTreeTests {
    /// A network, the map, and path and addresses of each leaf.
    static let cuts: [(String, String, [String])] = [
        (
            "10.111.0.0/16", "[{}, {}, {}, {}]",
            ["#1 10.111.0.0/18", "#2 10.111.64.0/18", "#3 10.111.128.0/18", "#4 10.111.192.0/18"]
        ),
        (
            "10.111.0.0/16", #"[{"name": "a"}, {"name": "b"}, {"name": "c"}]"#,
            ["a 10.111.0.0/18", "b 10.111.64.0/18", "c 10.111.128.0/18"]
        ),
        (
            "10.0.0.0/8", "[{}, {}, {}, {}, {}]",
            ["#1 10.0.0.0/11", "#2 10.32.0.0/11", "#3 10.64.0.0/11", "#4 10.96.0.0/11", "#5 10.128.0.0/11"]
        ),
        (
            "10.111.0.0/16",
            #"""
            [{"name": "A", "groups": [{"name": "1"}, {"name": "2"}, {"name": "3"}, {"name": "4"}]},
             {"name": "B", "groups": [{"name": "1"}, {"name": "2"}]}]
            """#,
            [
                "A/1 10.111.0.0/19", "A/2 10.111.32.0/19", "A/3 10.111.64.0/19", "A/4 10.111.96.0/19",
                "B/1 10.111.128.0/18", "B/2 10.111.192.0/18",
            ]
        ),
        (
            "10.0.0.0/16", #"[{"name": "group1"}, {"name": "group2", "groups": [{"name": "2a"}, {"name": "2b"}]}]"#,
            ["group1 10.0.0.0/17", "group2/2a 10.0.128.0/18", "group2/2b 10.0.192.0/18"]
        ),
        ("10.0.0.0/16", "[{}]", ["/ 10.0.0.0/16"]),
        ("10.0.0.0/16", #"[{"name": "all"}]"#, ["all 10.0.0.0/16"]),
        ("10.0.0.0/16", #"[{"groups": [{"groups": [{"name": "rack"}]}]}]"#, ["rack 10.0.0.0/16"]),
        ("fd00::/48", #"[{"name": "a"}, {"name": "b"}]"#, ["a fd00::/49", "b fd00:0:0:8000::/49"]),
        ("10.0.0.0/16", "[]", []),
        (
            "10.0.0.0/16", #"[{"name": "a"}, {"name": "a"}, {"name": "a#2"}, {"name": "x/y"}]"#,
            ["a 10.0.0.0/18", "a#2 10.0.64.0/18", "a#2#3 10.0.128.0/18", "x_y 10.0.192.0/18"]
        ),
    ]

    @Test("each group has its part of the network, and a path of its own", arguments: cuts)
    func cutsTrees(cidr: String, map: String, leaves: [String]) throws {
        let document = try Documents.one(map, cidr: cidr, mask: cidr.contains(":") ? 122 : 29)
        let tree = try #require(document.tree(of: "net"))
        #expect(tree.leaves.map { "\($0.path) \($0.cidr)" } == leaves)
        for leaf in tree.leaves { #expect(tree.leaf(leaf.path) == leaf) }
        #expect(tree.leaf("nowhere") == nil)
    }

    @Test(
        "regions of a cloud are cut into zones and leaves",
        arguments: [(6, 4, 14, 16), (3, 8, 13, 16), (2, 8, 12, 15)])
    func cutsRegions(zones: Int, leaves: Int, zoneLength: Int, leafLength: Int) throws {
        let names = ["a", "b", "c", "d", "e", "f"].prefix(zones).map { "r-1\($0)" }
        let tree = try #require(try Documents.region(names, leaves: leaves).tree(of: "net"))
        #expect(tree.groups.map(\.cidr.length) == Array(repeating: zoneLength, count: zones))
        #expect(tree.leaves.map(\.cidr.length) == Array(repeating: leafLength, count: zones * leaves))
        #expect(tree.leaves.first?.path == "failure-domain: r-1a/r-1a-group-01")
    }

    @Test("leaves never overlap and stay inside, whatever the tree", arguments: UInt64(1)...30)
    func neverOverlaps(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func group(_ depth: Int) -> TopologyGroup {
            let count = depth == 0 ? 0 : Int.random(in: 0...5, using: &random)
            return TopologyGroup(
                name: "g\(Int.random(in: 0..<3, using: &random))", groups: (0..<count).map { _ in group(depth - 1) })
        }
        for cidr in ["10.0.0.0/8", "fd00::/48"] {
            let network = try Network(name: "n", cidr: IPPrefix(parsing: cidr))
            let tree = try GroupTree(network, (0..<Int.random(in: 1...6, using: &random)).map { _ in group(3) })
            let leaves = tree.leaves.map(\.cidr)
            #expect(leaves.allSatisfy { network.cidr.contains($0) })
            #expect(zip(leaves, leaves.dropFirst()).allSatisfy { $0.last < $1.first })
            #expect(Set(tree.leaves.map(\.path)).count == leaves.count)
        }
    }
}
