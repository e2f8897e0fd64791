import Policies

extension PolicyCase {
    /// Rules of x/a for both directions, and who passes on what.
    private static let lists: [(name: String, rules: [NetworkPolicy.Rule], passing: [PolicyOracle.Traffic: [String]])] =
        [
            ("no rule", [], [:]),
            ("an empty rule", [.init()], every(["*"])),
            ("an empty rule beside one of a port", [.init(ports: [.tcp(80)]), .init()], every(["*"])),
            (
                "two rules of a peer and a port each",
                [
                    .init(peers: [.pods(.pod("b"))], ports: [.tcp(80)]),
                    .init(peers: [.pods(.pod("c"))], ports: [.tcp(81)]),
                ], [.tcp80: ["x/b"], .tcp81: ["x/c"]]
            ),
            (
                "one rule of two peers and two ports",
                [.init(peers: [.pods(.pod("b")), .namespaces(.namespace("z"))], ports: [.tcp(80), .udp(81)])],
                [.tcp80: ["x/b", "z/*"], .udp81: ["x/b", "z/*"]]
            ),
            (
                "a rule of peers and a rule of ports",
                [.init(peers: [.pods(.pod("b"))]), .init(ports: [.udp(80)])],
                every(["x/b"]).merging([.udp80: ["*"]]) { $1 }
            ),
            (
                "a rule that no pod matches beside one that some do",
                [.init(peers: [.pods(.pod("nobody"))]), .init(peers: [.pods(.pod("b"), in: .any)])], every(["*/b"])
            ),
            (
                "the same rule twice",
                [
                    .init(peers: [.namespaces(.namespace("y"))], ports: [.sctp(81)]),
                    .init(peers: [.namespaces(.namespace("y"))], ports: [.sctp(81)]),
                ], [.sctp81: ["y/*"]]
            ),
        ]

    private static func every(_ pods: [String]) -> [PolicyOracle.Traffic: [String]] {
        Dictionary(uniqueKeysWithValues: traffic.map { ($0, pods) })
    }

    /// Rules and their empty forms.
    static let rules: [PolicyCase] = lists.flatMap { name, rules, passing in
        NetworkPolicy.Direction.allCases.map { direction in
            single(
                "\(word(direction)) by \(name)", .rules, .about("x/a", direction, rules),
                expected: traffic.map { .only(direction, "x/a", passing[$0] ?? [], [$0]) })
        }
    }
}
