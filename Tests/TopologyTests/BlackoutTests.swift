import Addresses
import Testing
import Topology

@Suite("blackouts")
struct BlackoutTests {
    private func document(_ blackouts: [String] = []) throws -> TopologyDocument {
        try TopologyDocument(
            networks: [
                Sample.network("net", "10.0.0.0/24", mask: 29, blackouts: blackouts),
                Sample.network("six", "fd00::/64", mask: 122),
            ], topologies: [TopologyMap(networks: ["net", "six"], groups: [TopologyGroup()])])
    }

    private func texts(_ document: TopologyDocument) -> [String] {
        document.blackouts().map { "\($0.network) \($0.cidr)" }
    }

    /// What is blacked out, what is added, what is blacked out then, and what was replaced; nil where nothing changes.
    static let additions: [([String], String, [String]?, [String])] = [
        ([], "10.0.0.1/32", ["net 10.0.0.1/32"], []), ([], "fd00::/72", ["six fd00::/72"], []),
        (["10.0.0.0/32"], "10.0.0.0/31", ["net 10.0.0.0/31"], ["10.0.0.0/32"]),
        (
            ["10.0.0.0/32", "10.0.0.1/32", "10.0.0.4/31"], "10.0.0.0/30", ["net 10.0.0.0/30", "net 10.0.0.4/31"],
            ["10.0.0.0/32", "10.0.0.1/32"]
        ),
        // Halves stay two, so that each can be taken back.
        (["10.0.0.0/32"], "10.0.0.1/32", ["net 10.0.0.0/32", "net 10.0.0.1/32"], []),
        (["10.0.0.0/25"], "10.0.0.128/25", ["net 10.0.0.0/25", "net 10.0.0.128/25"], []),
        (["10.0.0.0/28"], "10.0.0.8/29", nil, []), (["10.0.0.0/28"], "10.0.0.0/28", nil, []),
    ]

    @Test("a blackout takes the place of those inside it and is nothing new inside another", arguments: additions)
    func adds(before: [String], cidr: String, after: [String]?, replaced: [String]) throws {
        let change = try BlackoutChange(adding: Sample.prefix(cidr), to: document(before))
        #expect(change.isEmpty == (after == nil) && change.replaced.map(\.description) == replaced)
        #expect(texts(change.document) == after ?? before.map { "net \($0)" })
        #expect(change.blackout.cidr.description == cidr && change.blackout.blocks.isEmpty)
        if after != nil {
            #expect(
                try texts(BlackoutChange(removing: Sample.prefix(cidr), from: change.document).document).count
                    == (after?.count ?? 0) - 1)
        }
    }

    @Test(
        "a blackout outside of every network or over a whole one is refused",
        arguments: [
            ("10.9.0.0/24", "it is part of no network: there is net (10.0.0.0/24), six (fd00::/64)"),
            ("10.0.0.0/16", "it is part of no network"), ("10.0.0.0/24", "it is all of network net (10.0.0.0/24)"),
            ("fd00::/64", "it is all of network six"), ("fd00::/60", "it is part of no network"),
        ])
    func refuses(cidr: String, words: String) throws {
        let error = #expect(throws: TopologyError.self) {
            try BlackoutChange(adding: Sample.prefix(cidr), to: document())
        }
        #expect(error?.field == "blackout \(cidr)" && error?.problem.contains(words) == true)
    }

    @Test("only what was added can be removed, and what is near is named")
    func removes() throws {
        let document = try document(["10.0.0.0/31"])
        let error = #expect(throws: TopologyError.self) {
            try BlackoutChange(removing: Sample.prefix("10.0.0.0/30"), from: document)
        }
        #expect(error?.description == "blackout 10.0.0.0/30: there is none in network net, there is 10.0.0.0/31")
        #expect(throws: TopologyError.self) {
            try BlackoutChange(removing: Sample.prefix("10.0.0.0/32"), from: document)
        }
        #expect(throws: TopologyError.self) {
            try BlackoutChange(removing: Sample.prefix("11.0.0.0/32"), from: document)
        }
        #expect(try texts(BlackoutChange(removing: Sample.prefix("10.0.0.0/31"), from: document).document).isEmpty)
    }

    @Test("what is in use stays in use and is told, unless it shall not be")
    func tellsUse() throws {
        var blocks = try ["10.0.0.0/29", "10.0.0.8/29", "10.0.0.16/29", "10.0.0.64/29"].map {
            try Sample.block($0, "net")
        }
        for index in [1, 2, 3] {
            (blocks[index].tenant, blocks[index].segment, blocks[index].allocated) = ("t", "s", index)
        }
        let cidr = try Sample.prefix("10.0.0.0/27")
        let change = try BlackoutChange(adding: cidr, to: document(), blocks: blocks.reversed())
        #expect(change.blackout.blocks.map(\.cidr.description) == ["10.0.0.8/29", "10.0.0.16/29"])
        #expect(change.document.blackouts(with: blocks).map { $0.blocks.count } == [2])
        #expect(
            try BlackoutChange(
                adding: cidr, to: document(), blocks: blocks, refusing: [IPAddress(parsing: "10.0.0.64")]
            ).isEmpty == false)
        let error = #expect(throws: TopologyError.self) {
            try BlackoutChange(
                adding: cidr, to: document(),
                refusing: [IPAddress(parsing: "10.0.0.17"), IPAddress(parsing: "10.0.0.8")])
        }
        #expect(error?.problem == "2 of its addresses are in use in network net: 10.0.0.8, 10.0.0.17")
    }

    @Test(
        "no new block and no new address come from a blackout; what pods have they keep, and a useless block goes back")
    func forbids() throws {
        let before = try document()
        let after = try BlackoutChange(adding: Sample.prefix("10.0.0.0/28"), to: before).document
        let (old, new) = (before.networks[0], after.networks[0])
        #expect(BlockSpace().free(1, in: new.cidr, of: new).map(\.description) == ["10.0.0.16/29"])
        var node = NodeBlocks(cooldown: 0)
        node.setNetworks([old])
        for cidr in ["10.0.0.0/29", "10.0.0.8/29"] { node.addBlock(try Sample.block(cidr, "net")) }
        #expect(try node.give("p") == ["10.0.0.0"])
        node.setNetworks([new])
        #expect(throws: AllocationError.self) { try node.give("q") }
        #expect(try node.give("p") == ["10.0.0.0"])
        #expect(node.wants().map(\.count) == [2])
        #expect(node.surplus(now: 1).isEmpty)
        #expect(node.surplus(now: 2).map(\.description) == ["10.0.0.8/29"])
        node.removeBlock(try Sample.prefix("10.0.0.8/29"))
        node.addBlock(try Sample.block("10.0.0.16/29", "net"))
        #expect(try node.give("q") == ["10.0.0.16"])
        // The first block goes once its last pod does.
        _ = node.release(owner: "p", now: 3)
        _ = node.surplus(now: 4)
        #expect(node.surplus(now: 5).map(\.description) == ["10.0.0.0/29"])
    }
}
