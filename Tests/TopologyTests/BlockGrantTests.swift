import Addresses
import Testing
import Topology

@Suite("choice of blocks")
struct BlockGrantTests {
    /// A group, blackouts, what is taken, how many are asked for, and what is given.
    static let choices: [(String, [String], [String], Int, [String])] = [
        ("10.0.0.0/24", [], [], 2, ["10.0.0.0/30", "10.0.0.4/30"]),
        ("10.0.0.0/24", [], ["10.0.0.0/30", "10.0.0.8/30"], 2, ["10.0.0.4/30", "10.0.0.12/30"]),
        ("10.0.0.128/29", [], ["10.0.0.128/30"], 5, ["10.0.0.132/30"]),
        ("10.0.0.128/29", [], ["10.0.0.128/30", "10.0.0.132/30"], 1, []),
        ("10.0.0.0/24", [], [], 0, []),
        ("10.0.0.0/24", ["10.0.0.0/25"], [], 1, ["10.0.0.128/30"]),
        ("10.0.0.0/24", ["10.0.0.0/31"], [], 1, ["10.0.0.0/30"]),
        ("10.0.0.0/24", ["10.0.0.0/31", "10.0.0.2/31"], [], 1, ["10.0.0.4/30"]),
        // Blocks of other lengths, from before the network's block mask was changed.
        ("10.0.0.0/24", [], ["10.0.0.0/26", "10.0.0.65/32"], 2, ["10.0.0.68/30", "10.0.0.72/30"]),
        ("10.9.0.0/24", [], [], 1, []),
    ]

    @Test("the lowest free blocks of the group are chosen", arguments: choices)
    func chooses(group: String, blackouts: [String], taken: [String], count: Int, blocks: [String]) throws {
        let network = try Sample.network("net", "10.0.0.0/16", mask: 30, blackouts: blackouts)
        let index = try PrefixIndex(taken.map(Sample.prefix))
        let chosen = BlockGrant.choose(count, in: try Sample.prefix(group), of: network, taken: index)
        #expect(chosen.map(\.description) == blocks)
    }

    @Test("wide parts of IPv6 that are not free are passed in one step")
    func passesWideParts() throws {
        let network = try Sample.network("six", "::/0", mask: 122, blackouts: ["::/2"])
        let taken = try PrefixIndex(["4000::/3", "8000::/122"].map(Sample.prefix))
        let group = try Sample.prefix("::/0")
        #expect(BlockGrant.choose(1, in: group, of: network, taken: taken).map(\.description) == ["6000::/122"])
        let rest = try PrefixIndex(["4000::/2", "8000::/1"].map(Sample.prefix))
        #expect(BlockGrant.choose(1, in: group, of: network, taken: rest).isEmpty)
    }

    @Test("blocks that are chosen are free, lowest and apart", arguments: UInt64(1)...10)
    func isLowest(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let network = try Sample.network("net", "10.0.0.0/24", mask: 29, blackouts: ["10.0.0.64/27"])
        var index = PrefixIndex()
        var taken: Set<IPPrefix> = []
        for _ in 0..<200 {
            if let block = taken.randomElement(using: &random), Int.random(in: 0..<3, using: &random) == 0 {
                index.remove(block)
                taken.remove(block)
            }
            let free = (UInt128(0)..<32).compactMap { network.cidr.subprefix($0, length: 29) }
                .filter { !taken.contains($0) && !network.blackouts[0].contains($0) }
            let count = Int.random(in: 0...3, using: &random)
            let chosen = BlockGrant.choose(count, in: network.cidr, of: network, taken: index)
            #expect(chosen == Array(free.prefix(count)))
            for block in chosen {
                index.insert(block)
                taken.insert(block)
            }
        }
        #expect(index == PrefixIndex(taken))
    }
}
