import Addresses
import SeededRandom
import Testing
import Topology

@Suite("the space of blocks")
struct BlockSpaceTests {
    /// Blocks in use, blackouts, how many are asked for, and the lowest and the highest free /30 of 10.0.0.128/26.
    static let choices: [([String], [String], Int, [String], [String])] = [
        ([], [], 2, ["10.0.0.128/30", "10.0.0.132/30"], ["10.0.0.188/30", "10.0.0.184/30"]),
        ([], [], 0, [], []),
        (
            ["10.0.0.128/30", "10.0.0.136/30"], [], 2, ["10.0.0.132/30", "10.0.0.140/30"],
            ["10.0.0.188/30", "10.0.0.184/30"]
        ),
        (["10.0.0.128/27"], [], 1, ["10.0.0.160/30"], ["10.0.0.188/30"]),
        // Blocks of other lengths, from before the network's block mask was changed.
        (["10.0.0.130/32", "10.0.0.190/31"], [], 1, ["10.0.0.132/30"], ["10.0.0.184/30"]),
        (["10.0.0.0/24"], [], 1, [], []), (["10.0.0.128/26"], [], 1, [], []),
        (["10.0.0.128/28", "10.0.0.144/28", "10.0.0.160/27"], [], 1, [], []),
        ([], ["10.0.0.128/27", "10.0.0.188/30"], 1, ["10.0.0.160/30"], ["10.0.0.184/30"]),
        ([], ["10.0.0.128/31"], 1, ["10.0.0.128/30"], ["10.0.0.188/30"]),
        ([], ["10.0.0.128/31", "10.0.0.130/31"], 1, ["10.0.0.132/30"], ["10.0.0.188/30"]),
        (["10.0.0.160/27"], ["10.0.0.0/24"], 1, [], []),
        (["10.0.0.160/28"], ["10.0.0.128/27", "10.0.0.176/28"], 1, [], []),
    ]

    @Test("free blocks are found from either end", arguments: choices)
    func finds(taken: [String], blackouts: [String], count: Int, lowest: [String], highest: [String]) throws {
        let network = try Sample.network("net", "10.0.0.0/16", mask: 30, blackouts: blackouts)
        let space = BlockSpace(try taken.map(Sample.prefix))
        let group = try Sample.prefix("10.0.0.128/26")
        #expect(space.free(count, in: group, of: network).map(\.description) == lowest)
        #expect(space.free(count, in: group, of: network, highestFirst: true).map(\.description) == highest)
        if count > 0 { #expect(space.hasRoom(in: group, of: network) == !lowest.isEmpty) }
        // Another group is another matter, and so is a group of another network.
        #expect(space.free(1, in: try Sample.prefix("10.1.0.0/24"), of: network).isEmpty)
    }

    @Test("wide spaces are walked in no time")
    func isQuick() throws {
        let network = try Sample.network("six", "::/0", mask: 128, blackouts: ["::/2"])
        var space = BlockSpace(try ["4000::/3", "8000::/128"].map(Sample.prefix))
        #expect(space.free(1, in: network.cidr, of: network).map(\.description) == ["6000::/128"])
        space.take(try Sample.prefix("4000::/2"))
        #expect(space.free(2, in: network.cidr, of: network).map(\.description) == ["8000::1/128", "8000::2/128"])
        space.take(try Sample.prefix("8000::/1"))
        #expect(!space.hasRoom(in: network.cidr, of: network))
    }

    @Test("what was taken twice is free when it was released twice")
    func countsTakes() throws {
        let block = try Sample.prefix("10.0.0.0/29")
        let network = try Sample.network("net", "10.0.0.0/29", mask: 29)
        var space = BlockSpace([block, block])
        #expect(space.count(in: network.cidr) == 2 && space.contains(block))
        #expect(space.release(block) == true)
        #expect(!space.hasRoom(in: block, of: network))
        #expect(space.release(block) == true)
        #expect(space.hasRoom(in: block, of: network))
        #expect(space.release(block) == false)
        #expect(!space.contains(block) && space.count(in: network.cidr) == 0)
        #expect(space.release(try Sample.prefix("fd00::/122")) == false)
    }

    @Test("room is known at every height")
    func knowsRoom() throws {
        let network = try Sample.network("net", "10.0.0.0/8", mask: 29)
        var space = BlockSpace(
            try ["10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/11", "10.224.0.0/28"].map(Sample.prefix))
        let groups = try ["10.0.0.0/8", "10.128.0.0/9", "10.192.0.0/11", "10.224.0.0/24", "10.224.0.0/28"].map(
            Sample.prefix)
        #expect(groups.map { space.hasRoom(in: $0, of: network) } == [true, true, false, true, false])
        space.take(try Sample.prefix("10.224.0.0/11"))
        #expect(groups.map { space.hasRoom(in: $0, of: network) } == [false, false, false, false, false])
        space.release(try Sample.prefix("10.0.0.0/9"))
        #expect(groups.map { space.hasRoom(in: $0, of: network) } == [true, false, false, false, false])
    }

    @Test("what is free, taken and counted agrees with a list, whatever the history", arguments: UInt64(1)...12)
    func agreesWithList(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let cidr = seed % 2 == 0 ? "10.0.0.0/24" : "fd00::/120"
        let mask = try Sample.prefix(cidr).family.bits - 3
        let blackouts = seed % 3 == 0 ? [cidr.replacing("/24", with: "/27").replacing("/120", with: "/123")] : []
        let network = try Sample.network("net", cidr, mask: mask, blackouts: blackouts)
        var space = BlockSpace()
        var list: [IPPrefix] = []
        for _ in 0..<200 {
            if let index = list.indices.randomElement(using: &random), Int.random(in: 0..<5, using: &random) < 2 {
                let gone = list.remove(at: index)
                #expect(space.release(gone) == true)
            } else {
                // Mostly blocks, and some that are longer or shorter.
                let length = mask + [-2, 0, 0, 0, 0, 0, 1, 3][Int.random(in: 0..<8, using: &random)]
                let places = UInt128(1) << UInt128(length - network.cidr.length)
                let prefix = try #require(
                    network.cidr.subprefix(UInt128.random(in: 0..<places, using: &random), length: length))
                space.take(prefix)
                list.append(prefix)
            }
            let free = (UInt128(0)..<32).compactMap { network.cidr.subprefix($0, length: mask) }.filter { block in
                !list.contains { $0.overlaps(block) } && !network.blackouts.contains { $0.contains(block) }
            }
            let half = try #require(
                network.cidr.subprefix(UInt128.random(in: 0...1, using: &random), length: network.cidr.length + 1))
            let inside = free.filter { half.contains($0) }
            let count = Int.random(in: 0...4, using: &random)
            #expect(space.free(count, in: half, of: network) == Array(inside.prefix(count)), "seed \(seed)")
            #expect(
                space.free(count, in: half, of: network, highestFirst: true) == inside.suffix(count).reversed(),
                "seed \(seed)")
            #expect(space.count(in: half) == list.count { half.contains($0) }, "seed \(seed)")
            #expect(space.overlaps(half) == list.contains { $0.overlaps(half) }, "seed \(seed)")
        }
        for prefix in list { #expect(space.release(prefix) == true) }
        #expect(space.count(in: network.cidr) == 0 && !space.overlaps(network.cidr))
    }
}
