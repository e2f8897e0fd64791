import Addresses
import Testing
import Topology

/// A running cluster as records, for changes of its topology.
struct RunningCluster {
    var document: TopologyDocument
    var hosts: [HostRecord] = []
    var blocks: [BlockRecord] = []

    init(_ document: TopologyDocument) { self.document = document }

    /// Adds a host where the document places it.
    mutating func add(_ name: String, _ tags: [String: String] = [:], address: String = "") throws {
        let text = address.isEmpty ? "192.168.1.\(hosts.count + 1)" : address
        var host = try Documents.host(name, tags, address: text)
        host.groups = try Placement(document, hosts: hosts).groups(for: host)
        hosts.append(host)
    }

    /// Gives a host the lowest block of its group, with addresses in use.
    @discardableResult
    mutating func use(_ count: Int = 1, of network: String = "net", on name: String) throws -> IPPrefix {
        let home = try #require(hosts.first { $0.name == name }?.groups[network])
        let grant = try BlockGrant(
            1, of: network, home: home, held: [], taken: BlockSpace(blocks.map(\.cidr)),
            placement: Placement(document, hosts: hosts))
        let cidr = try #require(grant.blocks.first)
        blocks.append(
            BlockRecord(
                cidr: cidr, network: network, group: grant.group.path, groupCIDR: grant.group.cidr, host: name,
                tenant: count > 0 ? "t" : "", segment: count > 0 ? "s" : "", allocated: count))
        return cidr
    }

    func change(to new: TopologyDocument, services: [IPPrefix] = []) throws(TopologyError) -> TopologyChange {
        try TopologyChange(from: document, to: new, hosts: hosts, blocks: blocks, services: services)
    }

    /// Makes a change as the daemon does.
    mutating func apply(_ change: TopologyChange) {
        document = change.document
        for host in change.settlement.hosts { hosts[hosts.firstIndex { $0.name == host.name } ?? 0] = host }
        for block in change.settlement.blocks { blocks[blocks.firstIndex { $0.cidr == block.cidr } ?? 0] = block }
    }

    /// The groups of each host in one network.
    func paths(of network: String = "net") -> [String: String] {
        hosts.reduce(into: [:]) { $0[$1.name] = $1.groups[network]?.path }
    }
}

@Suite("changes of a running cluster's topology")
struct TopologyChangeTests {
    private func map(_ names: String...) -> String {
        "[" + names.map { #"{"name": "\#($0)"}"# }.joined(separator: ", ") + "]"
    }

    /// Hosts h1 to h4 in groups a, b, a, b of 10.0.0.0/16, with a block in use on the first two.
    private func running() throws -> RunningCluster {
        var cluster = RunningCluster(try Documents.one(map("a", "b")))
        for name in ["h1", "h2", "h3", "h4"] { try cluster.add(name) }
        for name in ["h1", "h2"] { try cluster.use(3, on: name) }
        return cluster
    }

    @Test("what GET shows can be posted back and changes nothing")
    func roundTrips() throws {
        var cluster = RunningCluster(
            try Documents.read(
                """
                {"networks": [{"name": "prod", "cidr": "10.115.0.0/20", "tenants": ["p"]},
                              {"name": "all", "cidr": "10.125.0.0/20", "blacked_out": ["10.125.0.0/30"]},
                              {"name": "none", "cidr": "10.126.0.0/20"}, {"name": "six", "cidr": "fd00::/64"}],
                 "topologies": [{"networks": ["prod", "all"], "map": [
                   {"name": "zone-1", "routing": "x", "groups": [{"name": "rack-1", "assignment": {"rack": "1"}}, {}]},
                   {"name": "zone-2", "hosts": [{"name": "pinned", "ip": "192.168.0.1"}]}, {"dummy": true}]},
                   {"networks": ["six"], "map": []}]}
                """))
        try cluster.add("pinned", address: "192.168.0.1")
        for index in 1...5 { try cluster.add("h\(index)", ["rack": "\(index % 2)"]) }
        try cluster.use(of: "prod", on: "h1")
        try cluster.use(0, of: "all", on: "h2")
        let shown = try Documents.read(Documents.write(cluster.document.shown(with: cluster.hosts)))
        let change = try cluster.change(to: shown)
        #expect(change.isEmpty && change.lines == ["nothing changes"])
        #expect(change.document.looksAndNames == cluster.document.looksAndNames)
        #expect(change.moves.isEmpty && change.settlement.hosts.isEmpty && change.settlement.blocks.isEmpty)
        // And so can the document itself.
        #expect(try cluster.change(to: cluster.document).isEmpty)
        // A host that was shown still follows its labels, one that was named does not.
        cluster.apply(change)
        #expect(change.document.namedHosts.map(\.name) == ["pinned"])
    }

    @Test("the smallest edit of what GET shows is a change")
    func noticesEdits() throws {
        let cluster = try running()
        let shown = try Documents.write(cluster.document.shown(with: cluster.hosts))
        for (old, new) in [
            (#""name":"a""#, #""name":"a","routing":"x""#), (#""block_mask":29"#, #""block_mask":28"#),
            (#""tenants":["*"]"#, #""tenants":["t"]"#), (#""name":"b""#, #""name":"b","dummy":false,"assignment":{}"#),
        ] {
            let change = try cluster.change(to: Documents.read(shown.replacing(old, with: new)))
            #expect(change.isEmpty == new.contains("false"), "\(new)")
            #expect(change.moves.isEmpty)
        }
    }

    @Test("networks and groups under new names keep their hosts and blocks")
    func renames() throws {
        var cluster = try running()
        let renamed = try Documents.read(
            """
            {"networks": [{"name": "new", "cidr": "10.0.0.0/16", "block_mask": 29}],
             "topologies": [{"networks": ["new"], "map": \(map("c", "d"))}]}
            """)
        let change = try cluster.change(to: renamed)
        #expect(!change.isEmpty && change.moves.isEmpty && change.outside.isEmpty && change.blocksKept == 2)
        let network = try #require(change.networks.first)
        #expect(network.isRenamed && network.notes == ["renamed from net"] && change.networks.count == 1)
        #expect(network.groups.map(\.kind) == [.renamed, .renamed])
        #expect(network.groups.map { "\($0.before?.path ?? "") \($0.after?.path ?? "")" } == ["a c", "b d"])
        #expect(network.capacityBefore == network.capacityAfter)
        cluster.apply(change)
        #expect(cluster.paths(of: "new") == ["h1": "c", "h2": "d", "h3": "c", "h4": "d"])
        #expect(cluster.hosts.allSatisfy { $0.groups["net"] == nil })
        #expect(
            cluster.blocks.map { "\($0.cidr) \($0.network) \($0.group)" } == [
                "10.0.0.0/29 new c", "10.0.128.0/29 new d",
            ])
        #expect(try cluster.change(to: renamed).isEmpty)
        #expect(change.lines.contains("  group c (10.0.0.0/17): renamed from a"))
    }

    @Test("a network that is added takes every host that suits")
    func addsNetworks() throws {
        let cluster = try running()
        let wider = try Documents.read(
            """
            {"networks": [{"name": "net", "cidr": "10.0.0.0/16", "block_mask": 29}, {"name": "six", "cidr": "fd00::/64"}],
             "topologies": [{"networks": ["net"], "map": \(map("a", "b"))}, {"networks": ["six"], "map": \(map("x", "y"))}]}
            """)
        let change = try cluster.change(to: wider)
        #expect(change.networks.map(\.notes) == [[], ["added"]])
        #expect(
            change.moves.map(\.description) == [
                "h1 six - x", "h2 six - y", "h3 six - x", "h4 six - y",
            ])
        #expect(change.networks[1].capacityBefore.blocks == 0 && change.networks[1].capacityAfter.blocks == 1 << 58)
    }

    @Test("hosts follow their blocks when groups are cut anew, and stay by name where labels say so")
    func cutsAnew() throws {
        var cluster = RunningCluster(try Documents.one(map("a", "b", "c")))
        for name in ["h1", "h2", "h3"] { try cluster.add(name) }
        for name in ["h2", "h3"] { try cluster.use(on: name) }
        let five = try cluster.change(to: Documents.one(map("a", "b", "c", "d", "e")))
        // b was 10.0.64.0/18, of which the first half is c now; c was 10.0.128.0/18, which is e now.
        #expect(five.moves.map(\.description) == ["h1 net a a", "h2 net b c", "h3 net c e"])
        #expect(five.networks.first?.groups.map(\.kind) == [.recut, .recut, .recut, .added, .added])
        #expect(five.outside.isEmpty && five.blocksKept == 2)

        let racks = ["1", "2", "3"].map { rack in #"{"name": "r\#(rack)", "assignment": {"rack": "\#(rack)"}}"# }
        cluster = RunningCluster(try Documents.one("[\(racks[0]), \(racks[1])]"))
        for (name, rack) in [("h1", "1"), ("h2", "2")] {
            try cluster.add(name, ["rack": rack])
            try cluster.use(on: name)
        }
        let three = try cluster.change(to: Documents.one("[\(racks.joined(separator: ", "))]"))
        // r2 was the second half, which is r3 now: its block stays, its new ones come from the second quarter.
        #expect(three.moves.map(\.description) == ["h1 net r1 r1", "h2 net r2 r2"])
        #expect(three.outside.map(\.cidr.description) == ["10.0.128.0/29"])
        #expect(
            three.lines.contains("block 10.0.128.0/29 of host h2 (1 address of t/s)  kept outside of its host's group"))
        cluster.apply(three)
        #expect(cluster.hosts.map { $0.groups["net"]?.cidr.description } == ["10.0.0.0/18", "10.0.64.0/18"])
        #expect(cluster.blocks.map(\.group) == ["r1", "r3"])
        #expect(cluster.blocks[1].isOutside(cluster.hosts[1]) && !cluster.blocks[0].isOutside(cluster.hosts[0]))
        #expect(try cluster.change(to: cluster.document).isEmpty)
    }

    @Test("hosts can be named where they shall be, added and let go")
    func namesHosts() throws {
        let cluster = try running()
        let named = try Documents.one(
            #"""
            [{"name": "a", "hosts": [{"name": "h2", "ip": "192.168.1.2"}]},
             {"name": "b", "hosts": [{"name": "h3", "ip": "192.168.1.3"}, {"name": "new", "ip": "192.168.1.9"}]}]
            """#)
        let change = try cluster.change(to: named)
        #expect(change.moves.map(\.description) == ["h2 net b a", "h3 net a b"])
        #expect(change.outside.map(\.host) == ["h2"] && change.newcomers.map(\.name) == ["new"])
        #expect(change.newcomers.first?.groups["net"]?.path == "b")
        #expect(change.lines.contains("host new  192.168.1.9: added"))
        // Whoever is named elsewhere stays named, so that nothing moves it back.
        #expect(change.document.namedHosts.map(\.name) == ["h2", "h3", "new"])
        let shown = try Documents.one(
            #"[{"name": "x", "hosts": [{"name": "h1", "ip": "192.168.1.1"}]}, {"name": "b"}]"#)
        #expect(try cluster.change(to: shown).document.namedHosts.isEmpty)
    }

    @Test("a host that is named no more is a change, though it stays where it is")
    func endsNaming() throws {
        var cluster = RunningCluster(
            try Documents.one(#"[{"name": "a", "hosts": [{"name": "h", "ip": "192.168.1.1"}]}]"#))
        try cluster.add("h")
        let change = try cluster.change(to: Documents.one(#"[{"name": "a"}]"#))
        #expect(!change.isEmpty && change.moves.isEmpty && change.document.namedHosts.isEmpty)
        #expect(change.lines == ["0 blocks in use, all kept"])
    }

    @Test("hosts that stay are counted before those whose labels decide")
    func countsThoseWhoStay() throws {
        var cluster = RunningCluster(try Documents.one(map("a", "gone")))
        for name in ["h2", "h1", "h3"] { try cluster.add(name) }
        #expect(cluster.paths() == ["h1": "gone", "h2": "a", "h3": "a"])
        cluster.apply(try cluster.change(to: Documents.one(map("a", "b"), cidr: "10.0.0.0/17")))
        #expect(cluster.paths() == ["h1": "b", "h2": "a", "h3": "a"])
    }

    @Test("labels that are asked for anew move hosts, and only them")
    func relabels() throws {
        var cluster = RunningCluster(try Documents.one(map("a", "b")))
        for (name, rack) in [("h1", "1"), ("h2", "2"), ("h3", "2"), ("h4", "1")] {
            try cluster.add(name, ["rack": rack])
        }
        try cluster.use(on: "h3")
        let change = try cluster.change(
            to: Documents.one(
                #"[{"name": "a", "assignment": {"rack": "1"}}, {"name": "b", "assignment": {"rack": "2"}}]"#))
        #expect(change.moves.map(\.description) == ["h3 net a b", "h4 net b a"])
        #expect(change.networks.first?.groups.map(\.kind) == [.changed, .changed])
        #expect(change.outside.map(\.host) == ["h3"])
    }

    @Test("blocks that nobody uses stand in no way and go back")
    func abandons() throws {
        var cluster = try running()
        cluster.blocks = []
        try cluster.use(0, on: "h2")
        let change = try cluster.change(to: Documents.one(map("a"), cidr: "10.0.0.0/17"))
        #expect(change.settlement.abandoned.map(\.cidr.description) == ["10.0.128.0/29"])
        #expect(change.lines.last == "0 blocks in use, all kept")
        #expect(change.moves.map(\.description) == ["h2 net b a", "h4 net b a"])
    }

    @Test("blackouts are kept by a document that is silent on them, under whatever name of the network")
    func keepsBlackouts() throws {
        var cluster = try running()
        cluster.document = try BlackoutChange(adding: Sample.prefix("10.0.0.0/24"), to: cluster.document).document
        func post(_ name: String, _ cidr: String, _ more: String) throws -> TopologyChange {
            try cluster.change(
                to: Documents.read(
                    """
                    {"networks": [{"name": "\(name)", "cidr": "\(cidr)"\(more)}],
                     "topologies": [{"networks": ["\(name)"], "map": \(map("a", "b"))}]}
                    """))
        }
        let silent = try post("net", "10.0.0.0/16", "")
        #expect(silent.isEmpty && silent.document.networks[0].blackouts.map(\.description) == ["10.0.0.0/24"])
        #expect(silent.blackedOut.map(\.cidr.description) == ["10.0.0.0/29"])
        let renamed = try post("new", "10.0.0.0/16", "")
        #expect(renamed.document.networks[0].blackouts.map(\.description) == ["10.0.0.0/24"])
        let ended = try post("net", "10.0.0.0/16", #", "blacked_out": []"#)
        #expect(ended.document.networks[0].blackouts.isEmpty && ended.blackedOut.isEmpty)
        #expect(ended.networks[0].notes == ["blacked_out 10.0.0.0/24 -> nothing"])
        cluster.blocks = []
        let error = #expect(throws: TopologyError.self) { try post("net", "10.0.0.0/25", "") }
        #expect(error?.description.contains("networks[0].cidr: all of 10.0.0.0/25 of network net") == true)
        #expect(error?.description.contains("10.0.0.0/24") == true)
    }

    @Test("without a topology before, everything is new")
    func startsAnew() throws {
        let document = try Documents.one(#"[{"hosts": [{"name": "h", "ip": "1.1.1.1"}]}]"#)
        let change = try TopologyChange(from: nil, to: document, hosts: [], blocks: [])
        #expect(!change.isEmpty && change.networks.map(\.notes) == [["added"]] && change.document == document)
        #expect(change.newcomers.map(\.name) == ["h"] && change.blocksKept == 0)
    }
}

extension HostMove {
    var description: String { "\(host) \(network) \(from?.path ?? "-") \(to?.path ?? "-")" }
}

extension TopologyDocument {
    /// Its networks, what its trees look like, and whom they name.
    var looksAndNames: [String] {
        TopologyOutline(self).lines
            + namedHosts.map { "\($0.name) \($0.groups.mapValues(\.path).sorted { $0.key < $1.key })" }
    }
}
