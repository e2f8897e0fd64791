import CNIProtocol
import StubServer
import Testing

@testable import Commands

@Suite("The map of blocks", .timeLimit(.minutes(1)))
struct BlockMapTests {
    /// A block of 8 addresses, or of as many as its CIDR holds.
    static func block(
        _ cidr: String, _ host: String, _ allocated: Int, network: String = "pods", group: String = "rack-1",
        _ groupCIDR: String = "10.112.0.0/24"
    ) -> JSONValue {
        [
            "cidr": .string(cidr), "host": .string(host), "allocated": .integer(allocated),
            "network": .string(network), "group": .string(group), "group_cidr": .string(groupCIDR), "tenant": "",
        ]
    }

    static let blocks = [
        block("10.112.1.0/29", "node-2", 1, group: "rack-2", "10.112.1.0/24"), block("10.112.0.8/29", "node-1", 0),
        block("10.112.0.0/29", "node-1", 8), block("10.112.0.16/29", "node-1", 3), block("10.112.0.24/29", "node-9", 7),
        block("fd00::/64", "node-1", 5, network: "six", group: "/", "fd00::/48"),
    ]

    @Test("networks, groups and hosts with a tile for each block, from the lowest")
    func draws() {
        #expect(
            BlockPicture(Self.blocks).text(width: 80, usesColour: false) == """
                Network pods  5 blocks, 19/40 addresses
                  rack-1  10.112.0.0/24  4 of 32 blocks, 18/32 addresses
                    node-1   11/24  █·▃
                    node-9     7/8  ▇
                  rack-2  10.112.1.0/24  1 of 32 blocks, 1/8 addresses
                    node-2     1/8  ▁
                Network six  1 block, 5/2^64 addresses
                  /  fd00::/48  1 of 65536 blocks, 5/2^64 addresses
                    node-1  5/2^64  ▁

                Each tile is a block: · no address in use, ▁▂▃▄▅▆▇ some, █ all.
                """)
    }

    @Test("colours add nothing that the heights of tiles do not tell")
    func colours() {
        let plain = BlockPicture(Self.blocks).text(width: 80, usesColour: false)
        let coloured = BlockPicture(Self.blocks).text(width: 80, usesColour: true)
        #expect(coloured.contains("\u{1B}[31m█\u{1B}[0m·\u{1B}[32m▃\u{1B}[0m"))
        #expect(coloured.contains("\u{1B}[33m▇\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
    }

    @Test("tiles of one host go on below each other, within the width", arguments: [12, 30, 40, 80, 200])
    func fits(width: Int) {
        let many = (0..<150).map { Self.block("10.112.0.\($0)/32", "a-node-with-a-name-that-goes-on-and-on", 1) }
        let lines = BlockPicture(many).text(width: width, usesColour: false).split(separator: "\n")
        for line in lines { #expect(line.count <= width) }
        #expect(lines.reduce(0) { $0 + $1.count { $0 == "█" } } - (width > 60 ? 1 : 0) >= 150)
    }

    @Test(
        "the height of a tile is never rounded to nothing or to all",
        arguments: [
            ("10.0.0.0/24", 0, "·"), ("10.0.0.0/24", 1, "▁"), ("10.0.0.0/24", 128, "▄"), ("10.0.0.0/24", 255, "▇"),
            ("10.0.0.0/24", 256, "█"), ("10.0.0.0/32", 1, "█"), ("fd00::/64", 1, "▁"), ("10.0.0.0/30", 9, "█"),
        ])
    func heights(cidr: String, allocated: Int, glyph: Character) throws {
        let tile = try #require(BlockTile(Self.block(cidr, "n", allocated)))
        #expect(tile.glyph == glyph)
    }

    @Test("one network by itself, and the document behind the picture")
    func command() async throws {
        let answer: JSONValue = ["blocks": .array(Self.blocks)]
        let server = try StubDaemon.start(["GET /v1/blocks": answer.text])
        let six = await Invocation.run("block map --network six", at: server.url)
        #expect(six.lines.first == "Network six  1 block, 5/2^64 addresses")
        #expect(!six.output.contains("pods"))
        let json = await Invocation.run("block map --network six -f json", at: server.url)
        #expect(try JSONValue(parsing: json.output)["blocks"] == [Self.blocks[5]])
        let none = await Invocation.run("block map --network other", at: server.url)
        #expect(none.lines == ["There are no blocks."])
    }
}
