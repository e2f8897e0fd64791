import Addresses
import Foundation
import Testing
import Topology

@Suite("checks of a document as a whole")
struct DocumentCheckTests {
    @Test("all errors of a document come together, in its order")
    func collects() throws {
        let error = #expect(throws: TopologyError.self) {
            try Documents.read(
                """
                {"networks": [
                   {"name": "a", "cidr": "10.0.0.0/16", "block_mask": 8, "tenants": ["x y"], "blacked_out": ["11.0.0.0/24", "z"]},
                   {"name": "b", "cidr": "10.1.0.0"}, {"name": "c", "cidr": "10.2.0.0/24", "block_mask": 25},
                   {"name": "c", "cidr": "10.2.0.0/25"}, {"cidr": "10.9.0.0/24"}],
                 "topologies": [
                   {"networks": ["a", "c", "none"], "map": [
                     {"groups": [{"name": "g"}, {"groups": [{"ip": "no", "name": "h1"}, {"ip": "1.1.1.1"}]}]},
                     {"groups": [{"name": "k"}, {"name": "l", "ip": "1.1.1.2"}]}]},
                   {"networks": ["b", "c"], "map": []}]}
                """)
        }
        #expect(
            error?.all.map(\.field) == [
                "networks[0].blacked_out[1]", "networks[0].block_mask", "networks[0].tenants[0]",
                "networks[0].blacked_out", "networks[1].cidr", "networks[4].name",
                "topologies[0].map[0].groups[1].groups[0].ip", "topologies[0].map[0].groups[1].groups[1].name",
                "topologies[0].map[1].groups", "networks[3].name", "networks[3].cidr",
                "topologies[0].map[0].groups[0]", "topologies[0].map[0].groups[1]",
                "topologies[0].networks[2]", "topologies[1].networks[1]",
            ])
        // The first is the error itself, and all are in its text.
        #expect(error?.field == "networks[0].blacked_out[1]" && error?.others.count == 14)
        for part in error?.all ?? [] { #expect(error?.description.contains(part.description) == true) }
    }

    @Test("a network that is broken by itself is not reported again by the trees that name it")
    func namesCauses() throws {
        let error = #expect(throws: TopologyError.self) {
            try Documents.read(
                #"{"networks": [{"name": "a", "cidr": "10.0.0.0/40"}], "topologies": [{"networks": ["a"], "map": []}]}"#
            )
        }
        #expect(error?.all.map(\.field) == ["networks[0].cidr"])
    }

    @Test("the text of very many errors ends with how many are left")
    func endsLongTexts() throws {
        let network = try Network(name: "n", cidr: IPPrefix(parsing: "10.0.0.0/24"), blockMask: 24)
        let error = #expect(throws: TopologyError.self) {
            try TopologyDocument(
                networks: [network],
                topologies: [TopologyMap(networks: ["n"], groups: (0..<100).map { TopologyGroup(name: "g\($0)") })])
        }
        #expect(error?.all.count == 100)
        #expect(error?.description.hasSuffix("; and 80 more") == true)
        #expect(TopologyError([]) == nil)
    }

    /// CIDRs, the service range, and words of the error; none where it is fine.
    static let ranges: [([String], [String], [String])] = [
        (["10.112.0.0/12", "fd00::/64"], ["10.96.0.0/12", "fd01::/108"], []),
        (
            ["10.1.0.0/16", "10.96.0.0/11"], ["10.96.0.0/12"],
            ["networks[1].cidr", "10.96.0.0/11 of network n1", "10.96.0.0/12", "service"]
        ),
        (["fd00:1::/32"], ["fd00:1:2::/108"], ["networks[0].cidr", "fd00:1::/32 of network n0", "fd00:1:2::/108"]),
        (["169.254.0.0/20"], [], ["169.254.0.0/16", "link-local", "network n0"]),
        (["127.0.0.0/24"], [], ["127.0.0.0/8", "loopback"]), (["230.0.0.0/8"], [], ["224.0.0.0/4", "multicast"]),
        (["fe80::/64"], [], ["fe80::/10", "gateway"]), (["ff05::/64"], [], ["ff00::/8"]),
    ]

    @Test("networks keep clear of service addresses and of addresses that are no pod's", arguments: ranges)
    func keepsClear(cidrs: [String], services: [String], words: [String]) throws {
        let document = try TopologyDocument(
            networks: cidrs.enumerated().map { try Network(name: "n\($0.offset)", cidr: Sample.prefix($0.element)) },
            topologies: [])
        let services = try services.map(Sample.prefix)
        guard !words.isEmpty else { return try document.check(apartFrom: services) }
        let error = #expect(throws: TopologyError.self) { try document.check(apartFrom: services) }
        for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
    }

    /// A map, and the errors of hosts that cannot be told apart.
    static let clashes: [(String, [String])] = [
        (#"[{"name": "a", "hosts": [{"name": "h", "ip": "1.1.1.1"}, {"name": "i", "ip": "1.1.1.2"}]}]"#, []),
        (
            #"[{"name": "a", "hosts": [{"name": "h", "ip": "1.1.1.1"}, {"name": "h", "ip": "1.1.1.1"}]}]"#,
            ["topologies[0].map[0]: host h (1.1.1.1) is named twice in group a of network net"]
        ),
        (
            #"[{"name": "a", "hosts": [{"name": "h", "ip": "1.1.1.1"}]}, {"name": "b", "hosts": [{"name": "h", "ip": "1.1.1.1"}]}]"#,
            [
                "topologies[0].map[1]: host h (1.1.1.1) is named in group b of network net, "
                    + "and in group a by topologies[0].map[0]"
            ]
        ),
        (
            #"[{"name": "a", "dummy": true, "groups": [{"name": "b", "hosts": [{"name": "h", "ip": "1.1.1.1"}]}]}]"#,
            [
                "topologies[0].map[0].groups[0]: host h (1.1.1.1) is named in group a/b of network net, which is a dummy"
            ]
        ),
        (
            #"[{"name": "a", "hosts": [{"name": "h", "ip": "1.1.1.1"}, {"name": "i", "ip": "1.1.1.1"}]}]"#,
            ["topologies[0].map[0]: host i (1.1.1.1) has the address of host h, named by topologies[0].map[0]"]
        ),
        (
            #"[{"name": "a", "groups": [{"name": "x", "hosts": [{"name": "h", "ip": "1.1.1.1"}, {"name": "h", "ip": "1.1.1.2"}]}]}]"#,
            [
                "topologies[0].map[0].groups[0]: host h (1.1.1.2) is named twice in group a/x of network net",
                "topologies[0].map[0].groups[0]: host h (1.1.1.2) is named with address 1.1.1.1 "
                    + "by topologies[0].map[0].groups[0]",
            ]
        ),
    ]

    @Test("hosts that a document names are told apart by name and address", arguments: clashes)
    func tellsHostsApart(map: String, errors: [String]) throws {
        // They can be read, as the original reads them; a cluster cannot use them.
        let document = try Documents.one(map)
        guard !errors.isEmpty else { return try document.check() }
        let error = #expect(throws: TopologyError.self) { try document.check() }
        #expect(error?.all.map(\.description) == errors)
    }

    @Test("a host may be named once in each network")
    func allowsHostInSeveralNetworks() throws {
        try Documents.read(
            """
            {"networks": [{"name": "a", "cidr": "10.0.0.0/20"}, {"name": "b", "cidr": "10.1.0.0/20"}],
             "topologies": [{"networks": ["a"], "map": [{"hosts": [{"name": "h", "ip": "1.1.1.1"}]}]},
                            {"networks": ["b"], "map": [{"hosts": [{"name": "h", "ip": "1.1.1.1"}]}, {}]}]}
            """
        ).check()
    }

    @Test("a network named once for each of its tenants, as the original shows it, is named once")
    func readsRepeatedNames() throws {
        let document = try Documents.read(
            """
            {"networks": [{"name": "a", "cidr": "10.0.0.0/20", "tenants": ["t", "u"]}],
             "topologies": [{"networks": ["a", "a"], "map": [{}]}]}
            """)
        #expect(document.topologies[0].networks == ["a"])
    }
}
