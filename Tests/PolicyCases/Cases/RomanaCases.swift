import Addresses
import Policies

extension PolicyCase {
    private static let everyone = PolicyEndpoint(peer: "any")
    private static let x = PolicyEndpoint(tenant: "x")
    private static let y = PolicyEndpoint(tenant: "y")
    private static let xa = PolicyChange.labelPod("x", "a", ["pod": "a", "romana.io/segment": "front"])
    private static let xFront = PolicyEndpoint(tenant: "x", segment: "front")
    private static let xDefault = PolicyEndpoint(tenant: "x", segment: "default")

    private static func rule(
        _ direction: PolicyDirection, _ targets: [PolicyEndpoint], _ clauses: [PolicyClause], id: String = "policy"
    ) -> PolicyChange {
        .add(Policy(id: id, direction: direction, targets: targets, clauses: clauses))
    }

    private static func clause(_ peers: [PolicyEndpoint], _ rules: PolicyRule...) -> PolicyClause {
        PolicyClause(peers: peers, rules: rules.isEmpty ? [PolicyRule(.any)] : rules)
    }

    /// Romana's own policies.
    static let romana: [PolicyCase] = romanaIngress + romanaEgress + romanaMixed

    private static let romanaIngress: [PolicyCase] = [
        PolicyCase(
            "Romana lets everybody in", .romana,
            [Step(rule(.ingress, [x], [clause([everyone])]), expected: [HandTable()])]),
        PolicyCase(
            "Romana lets a tenant in", .romana,
            [
                Step(rule(.ingress, [x], [clause([y])]), expected: [.only(.ingress, "x/*", ["y/*"])]),
                Step(.withdraw("policy"), expected: [HandTable()]),
            ]),
        PolicyCase(
            "Romana lets a segment into a segment", .romana,
            [
                Step(
                    xa, .labelPod("y", "b", ["pod": "b", "romana.io/segment": "back"]),
                    rule(.ingress, [xFront], [clause([PolicyEndpoint(tenant: "y", segment: "back")])]),
                    expected: [.only(.ingress, "x/a", ["y/b"])]),
                Step(.labelPod("x", "a", ["pod": "a"]), expected: [HandTable()]),
            ]),
        PolicyCase(
            "Romana lets the default segment in, where pods are that name none", .romana,
            [
                Step(
                    xa, rule(.ingress, [y], [clause([xDefault])]), expected: [.only(.ingress, "y/*", ["x/b", "x/c"])])
            ]),
        PolicyCase(
            "Romana: the default segment is a target", .romana,
            [
                Step(
                    xa, rule(.ingress, [xDefault], [clause([y])]),
                    expected: [HandTable(blocked: ["* > x/b", "* > x/c"], except: ["y/* > *"])])
            ]),
        PolicyCase(
            "Romana lets addresses in", .romana,
            [
                Step(expected: [
                    .only(.ingress, "x/*", ["y/b"], family: .ipv4), .only(.ingress, "x/*", [], family: .ipv6),
                ]) { world in
                    [rule(.ingress, [x], [clause([PolicyEndpoint(cidr: world.prefix("y/b"))])])]
                }
            ]),
        PolicyCase(
            "Romana lets ports and ranges in", .romana,
            [
                Step(
                    rule(
                        .ingress, [x],
                        [
                            clause(
                                [everyone], PolicyRule(.tcp, ports: [80]),
                                PolicyRule(.udp, portRanges: [.init(first: 81, last: 90)]))
                        ]),
                    expected: HandTable.passing(.ingress, "x/*", [.tcp80, .udp81]))
            ]),
        PolicyCase(
            "Romana lets a protocol in", .romana,
            [
                Step(
                    rule(.ingress, [x], [clause([everyone], PolicyRule(.tcp))]),
                    expected: HandTable.passing(.ingress, "x/*", [.tcp80, .tcp81]))
            ]),
        PolicyCase(
            "Romana lets ICMP in and nothing else", .romana,
            [
                Step(
                    rule(.ingress, [x], [clause([everyone], PolicyRule(.icmp))]),
                    expected: HandTable.passing(.ingress, "x/*", []))
            ]),
        PolicyCase(
            "Romana: parts and targets of one policy", .romana,
            [
                Step(
                    rule(
                        .ingress, [x, y],
                        [
                            clause([x], PolicyRule(.tcp, ports: [80])),
                            clause([y, PolicyEndpoint(tenant: "z")], PolicyRule(.tcp, ports: [81])),
                        ]),
                    expected: [
                        HandTable([.tcp80], blocked: ["* > x/*", "* > y/*"], except: ["x/* > *"]),
                        HandTable([.tcp81], blocked: ["* > x/*", "* > y/*"], except: ["y/* > *", "z/* > *"]),
                        HandTable([.udp80, .udp81, .sctp80, .sctp81], blocked: ["* > x/*", "* > y/*"]),
                    ])
            ]),
    ]

    private static let romanaEgress: [PolicyCase] = [
        PolicyCase(
            "Romana forbids a tenant everything", .romana,
            [
                Step(rule(.egress, [x], [clause([everyone])]), expected: [HandTable(blocked: ["x/* > *"])]),
                Step(.withdraw("policy"), expected: [HandTable()]),
            ]),
        PolicyCase(
            "Romana forbids a segment a tenant", .romana,
            [Step(xa, rule(.egress, [xFront], [clause([y])]), expected: [HandTable(blocked: ["x/a > y/*"])])]),
        PolicyCase(
            "Romana forbids addresses", .romana,
            [
                Step(expected: [HandTable(family: .ipv6, blocked: ["x/* > y/b"]), HandTable(family: .ipv4)]) { world in
                    [rule(.egress, [x], [clause([PolicyEndpoint(cidr: world.prefix("y/b", .ipv6))])])]
                }
            ]),
        PolicyCase(
            "Romana forbids a port", .romana,
            [
                Step(
                    rule(.egress, [x], [clause([y], PolicyRule(.udp, ports: [80]))]),
                    expected: [
                        HandTable([.udp80], blocked: ["x/* > y/*"]), HandTable(PolicyOracle.Traffic.all(but: [.udp80])),
                    ])
            ]),
    ]

    private static let romanaMixed: [PolicyCase] = [
        PolicyCase(
            "what Romana forbids no NetworkPolicy allows", .romana,
            [
                Step(
                    .put(.about("x", .egress, [.init()])), .put(.about("y", .ingress, [.init()])),
                    rule(.egress, [x], [clause([y], PolicyRule(.tcp, ports: [80]))]),
                    expected: [HandTable([.tcp80], blocked: ["x/* > y/*"]), HandTable([.tcp81])]),
                Step(.put(.about("x", .egress, [])), expected: [HandTable(blocked: ["x/* > *"])]),
            ]),
        PolicyCase(
            "what Romana lets in adds to what a NetworkPolicy does", .romana,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    rule(.ingress, [x], [clause([y])]),
                    expected: [HandTable(blocked: ["* > x/*"], except: ["y/* > x/*", "x/b > x/a"])])
            ]),
        PolicyCase(
            "Romana's policies of both directions", .romana,
            [
                Step(
                    rule(.ingress, [y], [clause([x])], id: "in"),
                    rule(.egress, [x], [clause([y], PolicyRule(.udp))], id: "out"),
                    expected: [
                        HandTable([.udp80, .udp81], blocked: ["* > y/*"]),
                        HandTable([.tcp80, .tcp81, .sctp80, .sctp81], blocked: ["* > y/*"], except: ["x/* > y/*"]),
                    ])
            ]),
    ]
}
