import Addresses
import SeededRandom
import Testing

@testable import VPCRoutes

@Suite("Fewer routes of many")
struct DestinationFoldingTests {
    /// Destinations `PREFIX HOST SUBNET [blocks]`.
    static func destinations(_ lines: [String]) throws -> [Destination] {
        try lines.map { line in
            let words = line.split(separator: " ").map(String.init)
            return Destination(
                try prefix(words[0]), words.count > 3 ? .blocks : .group, network: "net", group: words[1],
                hosts: [words[1]], subnet: words[2])
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var given: [String]
        var room: Int
        var kept: [String]
        var out: [String] = []
        var bound = "10.0.0.0/8"
    }

    @Test(
        arguments: [
            Case(
                testDescription: "with room nothing is folded", given: ["10.0.0.0/26 a s1", "10.0.0.64/26 b s1"],
                room: 2, kept: ["10.0.0.0/26 a", "10.0.0.64/26 b"]),
            Case(
                testDescription: "halves of one subnet join", given: ["10.0.0.0/26 a s1", "10.0.0.64/26 b s1"],
                room: 1, kept: ["10.0.0.0/25 a,b"]),
            Case(
                testDescription: "halves of two subnets do not, and the later is left out",
                given: ["10.0.0.0/26 a s1", "10.0.0.64/26 b s2"], room: 1, kept: ["10.0.0.0/26 a"],
                out: ["10.0.0.64/26 b"]),
            Case(
                testDescription: "a block on its group's subnet goes into the group's",
                given: ["10.0.0.0/24 a s1", "10.0.0.8/29 b s1 blocks", "10.0.1.0/24 c s2"], room: 2,
                kept: ["10.0.0.0/24 a", "10.0.1.0/24 c"]),
            Case(
                testDescription: "what covers least that was not covered goes first",
                given: ["10.0.0.0/29 a s1", "10.0.0.16/29 b s1", "10.1.0.0/26 c s2", "10.1.0.64/26 d s2"], room: 3,
                kept: ["10.0.0.0/29 a", "10.0.0.16/29 b", "10.1.0.0/25 c,d"]),
            Case(
                testDescription: "what lies between is covered too, inside of the network",
                given: ["10.0.0.0/26 a s1", "10.0.0.128/26 b s1"], room: 1, kept: ["10.0.0.0/24 a,b"]),
            Case(
                testDescription: "and not outside of it", given: ["10.0.0.0/26 a s1", "10.0.0.128/26 b s1"], room: 1,
                kept: ["10.0.0.0/26 a"], out: ["10.0.0.128/26 b"], bound: "10.0.0.0/25"),
            Case(
                testDescription: "what lies between of another subnet keeps its narrower route",
                given: ["10.0.0.0/26 a s1", "10.0.0.64/26 x s2", "10.0.0.128/26 b s1"], room: 2,
                kept: ["10.0.0.0/24 a,b", "10.0.0.64/26 x"]),
            Case(
                testDescription: "blocks are left out before groups",
                given: ["10.0.0.0/29 a s1 blocks", "10.0.1.0/24 b s2"], room: 1, kept: ["10.0.1.0/24 b"],
                out: ["10.0.0.0/29 a"]),
            Case(
                testDescription: "without any room everything is out", given: ["10.0.0.0/26 a s1"], room: -3, kept: [],
                out: ["10.0.0.0/26 a"]),
        ])
    func folds(_ given: Case) throws {
        let folding = DestinationFolding(
            try Self.destinations(given.given), room: given.room, bounds: ["net": try prefix(given.bound)])
        #expect(folding.kept.map { "\($0.prefix) \($0.hosts.joined(separator: ","))" } == given.kept)
        #expect(folding.out.map { "\($0.prefix) \($0.hosts.joined(separator: ","))" } == given.out)
    }

    @Test("what the table has a route to already is left out last")
    func routed() throws {
        let given = try Self.destinations(["10.0.0.0/26 a s1", "10.0.0.64/26 b s2"])
        let second = try prefix("10.0.0.64/26")
        #expect(DestinationFolding(given, room: 1, isRouted: { $0 == second }).kept.map(\.prefix) == [second])
    }

    @Test("what is kept leads every address to a host of the same subnet as before")
    func faithful() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            var lines: [IPPrefix: String] = [:]
            for _ in 0..<12 {
                let (length, name) = (26 + Int(random.next() % 4), random.next() % 5)
                let address = try #require(IPAddress("10.0.0.\(random.next() % 256)"))
                let prefix = try #require(IPPrefix(address, length: length))
                lines[prefix] = "\(prefix) h\(name) s\(name % 2)"
            }
            let given = try Self.destinations(Array(lines.values))
            let folding = DestinationFolding(
                given, room: 1 + Int(random.next() % 8), bounds: ["net": try prefix("10.0.0.0/24")])
            guard folding.out.isEmpty else { continue }
            for low in UInt32(0)..<256 {
                let address = IPAddress.v4(IPv4Address(rawValue: 10 << 24 | low))
                guard let before = Self.longest(given, address) else { continue }
                #expect(Self.longest(folding.kept, address)?.subnet == before.subnet)
            }
        }
    }

    /// What a router would choose.
    static func longest(_ all: [Destination], _ address: IPAddress) -> Destination? {
        all.filter { $0.prefix.contains(address) }.max { $0.prefix.length < $1.prefix.length }
    }
}
