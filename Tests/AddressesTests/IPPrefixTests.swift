import Addresses
import SeededRandom
import Testing

@Suite("prefixes")
struct IPPrefixTests {
    @Test(
        "a prefix is masked when it is read",
        arguments: [
            ("10.0.0.5/24", "10.0.0.0/24"), ("10.0.0.5/32", "10.0.0.5/32"), ("10.0.0.5/0", "0.0.0.0/0"),
            ("fd00::ff/64", "fd00::/64"), ("fd00::ff/128", "fd00::ff/128"), ("ffff::/0", "::/0"),
        ])
    func masks(text: String, masked: String) throws {
        #expect(try IPPrefix(parsing: text).description == masked)
    }

    @Test(
        "what is not a prefix is refused",
        arguments: [
            "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "/8",
            "fd00::/129", "10.0.0/8", "10.0.0.0/ 8", "10.0.0.0/8 ", "fd00::/1000",
        ])
    func refuses(text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test(
        "first, last and count",
        arguments: [
            ("10.0.0.0/29", "10.0.0.0", "10.0.0.7", UInt128(8)),
            ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", 1 << 32),
            ("10.0.0.1/32", "10.0.0.1", "10.0.0.1", 1),
            ("fd00::/112", "fd00::", "fd00::ffff", 65_536),
            ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .max),
        ])
    func measures(text: String, first: String, last: String, count: UInt128) throws {
        let prefix = try IPPrefix(parsing: text)
        #expect(prefix.first.description == first)
        #expect(prefix.last.description == last)
        #expect(prefix.count == count)
    }

    @Test(
        "containment and overlap",
        arguments: [
            ("10.0.0.0/8", "10.1.0.0/16", true, true), ("10.1.0.0/16", "10.0.0.0/8", false, true),
            ("10.0.0.0/8", "10.0.0.0/8", true, true), ("10.0.0.0/9", "10.128.0.0/9", false, false),
            ("0.0.0.0/0", "::/0", false, false), ("::/0", "fd00::/8", true, true),
            ("fd00::/8", "fe80::/10", false, false),
        ])
    func nests(outer: String, inner: String, contains: Bool, overlaps: Bool) throws {
        let (outer, inner) = (try IPPrefix(parsing: outer), try IPPrefix(parsing: inner))
        #expect(outer.contains(inner) == contains)
        #expect(outer.overlaps(inner) == overlaps)
        #expect(inner.overlaps(outer) == overlaps)
        #expect(outer.contains(inner.first) == (contains || overlaps && inner.first == outer.first))
    }

    @Test(
        "the parts of a prefix are counted from its start",
        arguments: [
            ("10.0.0.0/16", UInt128(0), 18, "10.0.0.0/18"), ("10.0.0.0/16", 3, 18, "10.0.192.0/18"),
            ("10.0.0.0/16", 4, 18, nil), ("10.0.0.0/16", 0, 16, "10.0.0.0/16"), ("10.0.0.0/16", 1, 16, nil),
            ("10.0.0.0/16", 0, 15, nil), ("10.0.0.0/16", 0, 33, nil), ("fd00::/48", 0xffff, 64, "fd00:0:0:ffff::/64"),
            ("::/0", .max, 128, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"), ("::/0", 0, 0, "::/0"),
        ] as [(String, UInt128, Int, String?)])
    func cuts(text: String, index: UInt128, length: Int, part: String?) throws {
        #expect(try IPPrefix(parsing: text).subprefix(index, length: length)?.description == part)
    }

    @Test("parents and siblings")
    func climbs() throws {
        let prefix = try IPPrefix(parsing: "10.0.0.0/24")
        #expect(prefix.parent?.description == "10.0.0.0/23")
        #expect(prefix.sibling?.description == "10.0.1.0/24")
        #expect(prefix.sibling?.sibling == prefix)
        #expect(IPPrefix("::/0")?.parent == nil && IPPrefix("::/0")?.sibling == nil)
        #expect(IPPrefix("::1/128")?.sibling?.description == "::/128")
    }

    @Test(
        "aggregation",
        arguments: [
            ([], []), (["10.0.0.0/25", "10.0.0.128/25"], ["10.0.0.0/24"]),
            (["10.0.0.128/25", "10.0.1.0/24", "10.0.0.0/25", "10.0.2.0/24"], ["10.0.0.0/23", "10.0.2.0/24"]),
            (["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8"], ["10.0.0.0/8"]),
            (["10.0.0.128/25", "10.0.1.0/25"], ["10.0.0.128/25", "10.0.1.0/25"]),
            (["::/1", "8000::/1", "0.0.0.0/1", "128.0.0.0/1"], ["0.0.0.0/0", "::/0"]),
        ] as [([String], [String])])
    func aggregates(prefixes: [String], expected: [String]) {
        #expect(IPPrefix.aggregate(prefixes.compactMap { IPPrefix($0) }).map(\.description) == expected)
    }

    @Test(
        "an aggregate covers exactly the same addresses and cannot be made smaller",
        arguments: AddressFamily.allCases)
    func aggregatesExactly(family: AddressFamily) throws {
        var random = SeededGenerator(seed: 2)
        let universe = try IPPrefix(parsing: family == .ipv4 ? "10.0.0.0/24" : "fd00::/120")
        for _ in 0..<100 {
            let prefixes = (0..<Int.random(in: 0...24, using: &random)).compactMap { _ -> IPPrefix? in
                let extra = Int.random(in: 1...8, using: &random)
                let index = UInt128.random(in: 0..<(1 << extra), using: &random)
                return universe.subprefix(index, length: universe.length + extra)
            }
            let aggregate = IPPrefix.aggregate(prefixes)
            let wrong = (UInt128(0)..<256).compactMap { universe.first.advanced(by: $0) }.filter { address in
                let before = prefixes.contains { $0.contains(address) }
                return aggregate.filter { $0.contains(address) }.count != (before ? 1 : 0)
            }
            #expect(wrong.isEmpty)
            #expect(aggregate == aggregate.sorted())
            // Two halves left side by side would be a list that is longer than need be.
            #expect(aggregate.allSatisfy { prefix in !aggregate.contains { $0 == prefix.sibling } })
        }
    }
}
