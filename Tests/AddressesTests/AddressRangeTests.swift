import Addresses
import SeededRandom
import Testing

@Suite("ranges")
struct AddressRangeTests {
    @Test(
        "a range is covered by the fewest prefixes",
        arguments: [
            ("10.0.0.0-10.0.0.255", ["10.0.0.0/24"]), ("10.0.0.1-10.0.0.1", ["10.0.0.1/32"]),
            ("10.0.0.1-10.0.0.6", ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]),
            ("0.0.0.0-255.255.255.255", ["0.0.0.0/0"]), ("255.255.255.254-255.255.255.255", ["255.255.255.254/31"]),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]), ("::1-::4", ["::1/128", "::2/127", "::4/128"]),
            ("8000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["8000::/1"]),
        ])
    func coversWithPrefixes(text: String, prefixes: [String]) throws {
        #expect(try AddressRange(parsing: text).prefixes.map(\.description) == prefixes)
    }

    @Test("random ranges are covered exactly and in order")
    func coversExactly() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let family: AddressFamily = Bool.random(using: &random) ? .ipv4 : .ipv6
            let ends = [0, 1].map { _ in UInt128.random(in: 0...family.highestValue, using: &random) }.sorted()
            let first = try #require(IPAddress(family: family, value: ends[0]))
            let last = try #require(IPAddress(family: family, value: ends[1]))
            let range = try #require(AddressRange(first: first, last: last))
            let prefixes = range.prefixes
            #expect(prefixes.first?.first == first && prefixes.last?.last == last)
            #expect(zip(prefixes, prefixes.dropFirst()).allSatisfy { $0.last.advanced(by: 1) == $1.first })
            #expect(prefixes == IPPrefix.aggregate(prefixes))
        }
    }

    @Test("a range knows what it holds")
    func contains() throws {
        let range = try AddressRange(parsing: "10.0.0.5-10.0.0.9")
        #expect(range.count == 5)
        for (text, isInside) in [("10.0.0.5", true), ("10.0.0.9", true), ("10.0.0.10", false), ("::7", false)] {
            #expect(try range.contains(IPAddress(parsing: text)) == isInside)
        }
        #expect(try AddressRange(parsing: "::/0").count == .max)
        #expect(try AddressRange(parsing: "10.0.0.0/30").description == "10.0.0.0-10.0.0.3")
        #expect(AddressRange("10.0.0.7")?.count == 1)
    }

    @Test(
        "ranges that mix families or run backwards are refused",
        arguments: ["10.0.0.9-10.0.0.5", "10.0.0.1-::1", "a-b", "-"])
    func refuses(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
