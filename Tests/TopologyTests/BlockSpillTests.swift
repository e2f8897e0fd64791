import Addresses
import Testing
import Topology

@Suite("blocks of a full group")
struct BlockSpillTests {
    /// Two zones of a /25 each: zone a in racks of /27 with /29 blocks, which is four to a rack; zone b in one.
    static let map = """
        [{"name": "a", "groups": [{"name": "1"}, {"name": "2"}, {"name": "3"}, {"name": "4", "dummy": true}]},
         {"name": "b", "groups": [{"name": "1"}]}]
        """

    /// A cluster of that document, with hosts in some of its groups.
    private struct Racks {
        let document: TopologyDocument
        var placement: Placement
        var taken = BlockSpace()
        var held: [String: [IPPrefix]] = [:]
        var homes: [String: HostGroup] = [:]

        init(_ hosts: [(String, String)]) throws {
            document = try Documents.one(BlockSpillTests.map, cidr: "10.0.0.0/24")
            placement = Placement(document, hosts: [])
            for (name, path) in hosts {
                var host = try Documents.host(name)
                host.groups["net"] = document.tree(of: "net")?.leaf(path)?.place
                placement.add(host)
                homes[name] = host.groups["net"]
            }
        }

        mutating func grant(_ count: Int = 1, to host: String) throws -> BlockGrant {
            let home = try #require(homes[host])
            let grant = try BlockGrant(
                count, of: "net", home: home, held: held[host] ?? [], taken: taken, placement: placement)
            for block in grant.blocks { taken.take(block) }
            held[host, default: []] += grant.blocks
            return grant
        }
    }

    @Test("a group gives what it has, says that it is full, and only then spills")
    func spillsLast() throws {
        var racks = try Racks([("h", "a/1")])
        let first = try racks.grant(3, to: "h")
        #expect(first.blocks.map(\.description) == ["10.0.0.0/29", "10.0.0.8/29", "10.0.0.16/29"])
        #expect(!first.isHomeFull && !first.isSpilled && first.group.description == "a/1 10.0.0.0/27")
        let second = try racks.grant(2, to: "h")
        #expect(second.blocks.map(\.description) == ["10.0.0.24/29"] && second.isHomeFull && !second.isSpilled)
        let third = try racks.grant(2, to: "h")
        #expect(third.isHomeFull && third.isSpilled && third.group.description == "a/2 10.0.0.32/27")
        #expect(third.home == first.group && third.blocks.map(\.description) == ["10.0.0.56/29", "10.0.0.48/29"])
    }

    /// Who is where, who asks how often for how many blocks, and the groups they come from.
    static let spills: [([(String, String)], [(String, Int)], [String])] = [
        // The nearest first: the other racks of the zone, then the other zone, then nothing. Dummies keep their place.
        ([("h", "a/1")], [("h", 4), ("h", 4), ("h", 4), ("h", 16), ("h", 1)], ["a/1", "a/2", "a/3", "b/1", "a/1"]),
        // A rack with no hosts has no route that could suffer.
        ([("h", "a/1"), ("i", "a/2")], [("h", 4), ("h", 1)], ["a/1", "a/3"]),
        // The rack with the fewest hosts.
        ([("h", "a/1"), ("i", "a/2"), ("j", "a/2"), ("k", "a/3")], [("h", 4), ("h", 1)], ["a/1", "a/3"]),
        // A host stays with the rack it has spilled into, while others come and go.
        (
            [("h", "a/1"), ("i", "a/2"), ("j", "a/3"), ("k", "a/3")], [("h", 4), ("h", 1), ("i", 1), ("h", 1)],
            ["a/1", "a/2", "a/2", "a/2"]
        ),
        // Several hosts spill into one rack rather than into one each.
        ([("h", "a/1"), ("i", "a/1")], [("h", 4), ("h", 1), ("i", 1)], ["a/1", "a/2", "a/2"]),
        // From a zone of one rack everything else is equally far.
        ([("h", "b/1"), ("i", "a/1")], [("h", 16), ("h", 1)], ["b/1", "a/2"]),
    ]

    @Test("a spill goes to the nearest group with room where it cuts the fewest aggregates", arguments: spills)
    func choosesGroups(hosts: [(String, String)], requests: [(String, Int)], groups: [String]) throws {
        var racks = try Racks(hosts)
        #expect(try requests.map { try racks.grant($0.1, to: $0.0).group.path } == groups)
    }

    @Test("a network that is full gives nothing, and that is all")
    func isFull() throws {
        var racks = try Racks([("h", "b/1")])
        for count in [16, 4, 4, 4] { _ = try racks.grant(count, to: "h") }
        let none = try racks.grant(to: "h")
        #expect(none.blocks.isEmpty && none.isHomeFull && !none.isSpilled)
        // A dummy and what is kept free were never touched.
        #expect(!racks.taken.overlaps(try Sample.prefix("10.0.0.96/27")))
    }

    @Test("a group or network that is gone gives no blocks")
    func refusesGoneGroups() throws {
        var racks = try Racks([("h", "a/1")])
        racks.homes["h"] = HostGroup(path: "a/1", cidr: try Sample.prefix("10.0.0.0/26"))
        #expect(throws: TopologyError.self) { try racks.grant(to: "h") }
        racks.homes["h"] = HostGroup(path: "a/9", cidr: try Sample.prefix("10.0.0.0/27"))
        #expect(throws: TopologyError.self) { try racks.grant(to: "h") }
        let home = try #require(racks.document.tree(of: "net")?.leaf("a/1")?.place)
        #expect(throws: TopologyError.self) {
            try BlockGrant(1, of: "other", home: home, held: [], taken: racks.taken, placement: racks.placement)
        }
    }

    @Test("thousands of hosts get their blocks one after another without delay", .timeLimit(.minutes(1)))
    func isQuick() throws {
        let document = try BuiltInTopology.kubeadm.document()
        var placement = Placement(document, hosts: [])
        var taken = BlockSpace()
        var blocks: Set<IPPrefix> = []
        for index in 0..<1_000 {
            var host = try Documents.host("node-\(index)")
            host.groups = try placement.groups(for: host)
            placement.add(host)
            let home = try #require(host.groups[BuiltInTopology.network])
            for _ in 0..<4 {
                let grant = try BlockGrant(
                    1, of: BuiltInTopology.network, home: home, held: [], taken: taken, placement: placement)
                for block in grant.blocks {
                    taken.take(block)
                    #expect(home.cidr.contains(block) && blocks.insert(block).inserted)
                }
            }
        }
        #expect(blocks.count == 4_000)
    }
}
