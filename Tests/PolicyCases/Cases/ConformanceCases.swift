import Addresses
import Policies

extension PolicyCase {
    /// What the conformance tests of Kubernetes look at, in their order, as far as other cases do not say the same.
    static let conformance: [PolicyCase] = firstPolicies + stacked + updates + exits + protocols

    private static func allow(_ peers: NetworkPolicy.Peer..., on ports: NetworkPolicy.Port...) -> NetworkPolicy.Rule {
        .init(peers: peers, ports: ports)
    }

    private static let firstPolicies: [PolicyCase] = [
        single(
            "ingress of a namespace is denied", .conformance, .about("x", .ingress, []),
            expected: [HandTable(blocked: ["* > x/*"])]),
        single(
            "both directions of a namespace are denied", .conformance, .about("x", types: [.ingress, .egress]),
            expected: [HandTable(blocked: ["* > x/*", "x/* > *"])]),
        PolicyCase(
            "a namespace is denied, and one pod of it hears its neighbours", .conformance,
            [
                Step(.put(.about("x", name: "deny", .ingress, []))),
                Step(
                    .put(.about("x/a", name: "allow", .ingress, [allow(.pods(.pod("b")))])),
                    expected: [HandTable(blocked: ["* > x/*"], except: ["x/b > x/a"])]),
            ]),
        single(
            "a pod hears everybody in a namespace that is denied", .conformance,
            .about("x", name: "deny", .ingress, []),
            .about("x/a", name: "allow", .ingress, [.init()]), expected: [HandTable(blocked: ["* > x/b", "* > x/c"])]),
        single(
            "a pod hears all namespaces in one that is denied", .conformance, .about("x", name: "deny", .ingress, []),
            .about("x/a", name: "allow", .ingress, [allow(.namespaces(.any))]),
            expected: [HandTable(blocked: ["* > x/b", "* > x/c"])]),
        single(
            "a pod hears one other namespace", .conformance,
            .about("x/a", .ingress, [allow(.namespaces(.namespace("y")))]),
            expected: [.only(.ingress, "x/a", ["y/*"])]),
        single(
            "a pod hears pods by an expression", .conformance,
            .about("x/a", .ingress, [allow(.pods(.demand(.init("pod", .isIn, ["c"]))))]),
            expected: [.only(.ingress, "x/a", ["x/c"])]),
        single(
            "a pod hears namespaces by an expression", .conformance,
            .about("x/a", .ingress, [allow(.namespaces(.demand(.init("ns", .isIn, ["y"]))))]),
            expected: [.only(.ingress, "x/a", ["y/*"])]),
        single(
            "a pod hears pods of its namespace or another namespace", .conformance,
            .about("x/a", .ingress, [allow(.pods(.pod("b")), .namespaces(.namespace("y")))]),
            expected: [.only(.ingress, "x/a", ["x/b", "y/*"])]),
        single(
            "a pod hears pods of some namespaces", .conformance,
            .about("x/a", .ingress, [allow(.pods(.pod("b"), in: .demand(.init("ns", .isNotIn, ["x"]))))]),
            expected: [.only(.ingress, "x/a", ["y/b", "z/b"])]),
        single(
            "a pod hears some pods of some namespaces", .conformance,
            .about(
                "x/a", .ingress,
                [allow(.pods(.demand(.init("pod", .isIn, ["b", "c"])), in: .demand(.init("ns", .isIn, ["y", "z"]))))]),
            expected: [.only(.ingress, "x/a", ["y/b", "y/c", "z/b", "z/c"])]),
        single(
            "a pod hears pods of any of its neighbours' labels", .conformance,
            .about("x/a", .ingress, [allow(.pods(.pod("b")), .pods(.pod("c")))]),
            expected: [.only(.ingress, "x/a", ["x/b", "x/c"])]),
        single(
            "a pod hears one pod of another namespace", .conformance,
            .about("x/a", .ingress, [allow(.pods(.pod("a"), in: .namespace("y")))]),
            expected: [.only(.ingress, "x/a", ["y/a"])]),
        single(
            "a pod hears a namespace by the name that the API server labels it with", .conformance,
            .about("x/a", .ingress, [allow(.namespaces(.labels(["kubernetes.io/metadata.name": "y"])))]),
            expected: [.only(.ingress, "x/a", ["y/*"])]),
        single(
            "a pod hears namespaces but those of a name", .conformance,
            .about(
                "x/a", .ingress,
                [allow(.namespaces(.demand(.init("kubernetes.io/metadata.name", .isNotIn, ["x", "y"]))))]),
            expected: [.only(.ingress, "x/a", ["z/*"])]),
        single(
            "pods of a namespace hear their own namespace only", .conformance,
            .about("x", .ingress, [allow(.pods(.any))]),
            expected: [.only(.ingress, "x/*", ["x/*"])]),
    ]

    private static let stacked: [PolicyCase] = [
        PolicyCase(
            "a port for one namespace, then another port for all", .conformance,
            [
                Step(
                    .put(.about("x/a", name: "one", .ingress, [allow(.namespaces(.namespace("y")), on: .tcp(81))])),
                    expected: [.only(.ingress, "x/a", ["y/*"], [.tcp81]), .only(.ingress, "x/a", [], [.tcp80])]),
                Step(
                    .put(.about("x/a", name: "two", .ingress, [allow(.namespaces(.namespace("y")), on: .tcp(80))])),
                    expected: [.only(.ingress, "x/a", ["y/*"], [.tcp80, .tcp81])]),
            ]),
        PolicyCase(
            "a policy that allows all comes over one of a port", .conformance,
            [
                Step(
                    .put(.about("x", name: "one", .ingress, [allow(on: .tcp(80))])),
                    expected: HandTable.passing(.ingress, "x/*", [.tcp80])),
                Step(.put(.about("x", name: "all", .ingress, [.init()])), expected: [HandTable()]),
            ]),
        PolicyCase(
            "a policy that allows all egress comes over one of a port", .conformance,
            [
                Step(
                    .put(.about("x", name: "one", .egress, [allow(on: .tcp(80))])),
                    expected: HandTable.passing(.egress, "x/*", [.tcp80])),
                Step(.put(.about("x", name: "all", .egress, [.init()])), expected: [HandTable()]),
            ]),
        single(
            "a policy that allows all changes nothing", .conformance, .about("x", .ingress, [.init()]),
            expected: [HandTable()]),
        single(
            "a named port is open to all", .conformance, .about("x", .ingress, [allow(on: .named("serve-80-tcp"))]),
            expected: HandTable.passing(.ingress, "x/*", [.tcp80])),
        single(
            "a named port is open to a namespace", .conformance,
            .about("x/a", .ingress, [allow(.namespaces(.namespace("y")), on: .named("serve-80-tcp"))]),
            expected: [.only(.ingress, "x/a", ["y/*"], [.tcp80]), .only(.ingress, "x/a", [], [.tcp81])]),
        single(
            "a pod may go to a named port of anybody", .conformance,
            .about("x/a", .egress, [allow(on: .named("serve-80-tcp"))]),
            expected: HandTable.passing(.egress, "x/a", [.tcp80])),
    ]

    private static let updates: [PolicyCase] = [
        PolicyCase(
            "a policy that allowed all is made to allow a port", .conformance,
            [
                Step(.put(.about("x", .ingress, [.init()])), expected: [HandTable()]),
                Step(
                    .put(.about("x", .ingress, [allow(on: .tcp(81))])),
                    expected: HandTable.passing(.ingress, "x/*", [.tcp81])),
            ]),
        PolicyCase(
            "a namespace is heard once it is labelled", .conformance,
            [
                Step(
                    .put(.about("x/a", .ingress, [allow(.namespaces(.labels(["ns2": "updated"])))])),
                    expected: [HandTable(blocked: ["* > x/a"])]),
                Step(.labelNamespace("y", ["ns": "y", "ns2": "updated"]), expected: [.only(.ingress, "x/a", ["y/*"])]),
            ]),
        PolicyCase(
            "a pod is heard once it is labelled", .conformance,
            [
                Step(
                    .put(.about("x/a", .ingress, [allow(.pods(.labels(["pod": "b", "pod2": "updated"])))])),
                    expected: [HandTable(blocked: ["* > x/a"])]),
                Step(
                    .labelPod("x", "b", ["pod": "b", "pod2": "updated"]), expected: [.only(.ingress, "x/a", ["x/b"])]),
            ]),
        PolicyCase(
            "a pod is shut once it is labelled", .conformance,
            [
                Step(
                    .put(NetworkPolicy.about("x", .ingress, []).selecting(.labels(["target": "isolated"]))),
                    expected: [HandTable()]),
                Step(
                    .labelPod("x", "a", ["pod": "a", "target": "isolated"]), expected: [HandTable(blocked: ["* > x/a"])]
                ),
            ]),
        PolicyCase(
            "deleted policies are enforced no longer", .conformance,
            [
                Step(
                    .put(.about("x", name: "in", .ingress, [])), .put(.about("y", name: "out", .egress, [])),
                    expected: [HandTable(blocked: ["* > x/*", "y/* > *"])]),
                Step(.remove("x", "in"), .remove("y", "out"), expected: [HandTable()]),
            ]),
    ]

    private static let exits: [PolicyCase] = [
        single(
            "egress of a pod is denied", .conformance, .about("x/a", .egress, []),
            expected: [HandTable(blocked: ["x/a > *"])]),
        single(
            "egress of a namespace is denied", .conformance, .about("x", .egress, []),
            expected: [HandTable(blocked: ["x/* > *"])]),
        single(
            "a pod hears one peer and goes to another", .conformance,
            .about(
                "x/a", types: [.ingress, .egress], ingress: [allow(.pods(.pod("b")))],
                egress: [allow(.pods(.pod("c")), on: .tcp(80))]),
            expected: [
                HandTable([.tcp80], blocked: ["* > x/a", "x/a > *"], except: ["x/b > x/a", "x/a > x/c"]),
                HandTable([.udp80], blocked: ["* > x/a", "x/a > *"], except: ["x/b > x/a"]),
            ]),
        single(
            "a client that may not is not helped by a server that would", .conformance,
            .about("y/a", name: "server", .ingress, [allow(.pods(.pod("a"), in: .namespace("x")))]),
            .about("x/a", name: "client", .egress, [allow(.pods(.pod("b")))]),
            expected: [HandTable(blocked: ["* > y/a", "x/a > *"], except: ["x/a > x/b"])]),
        single(
            "a pod goes to one pod of another namespace", .conformance,
            .about("x/a", .egress, [allow(.pods(.pod("a"), in: .namespace("y")))]),
            expected: [.only(.egress, "x/a", ["y/a"])]),
        single(
            "both directions are ruled by themselves", .conformance,
            .about("x/a", name: "out", .egress, [allow(.pods(.pod("b")))]),
            .about("x/a", name: "in", .ingress, [allow(.pods(.pod("c")))]),
            expected: [HandTable(blocked: ["x/a > *", "* > x/a"], except: ["x/a > x/b", "x/c > x/a"])]),
        PolicyCase(
            "a pod goes to an address, then to a block without it, then to it by another policy", .conformance,
            [
                Step(expected: [.only(.egress, "x/a", ["y/b"], family: .ipv4)]) { world in
                    [.put(.about("x/a", .egress, [.init(peers: block(world, "y/b", 32))]))]
                },
                Step(expected: [HandTable(family: .ipv4, blocked: ["x/a > y/b"])]) { world in
                    [.put(.about("x/a", .egress, [.init(peers: block(world, "y/b", 0, except: "y/b"))]))]
                },
                Step(expected: [HandTable(family: .ipv4)]) { world in
                    [.put(.about("x/a", name: "more", .egress, [.init(peers: block(world, "y/b", 32))]))]
                },
            ]),
    ]

    private static func block(
        _ world: CaseWorld, _ pod: String, _ length: Int, except: String? = nil
    ) -> [NetworkPolicy.Peer] {
        let exceptions = except.flatMap { world.prefix($0) }.map { [$0] } ?? []
        return world.prefix(pod, length: length).map { [.block($0, except: exceptions)] } ?? []
    }

    private static let protocols: [PolicyCase] = [
        single(
            "a rule of SCTP opens no TCP", .conformance, .about("x/a", .ingress, [allow(on: .sctp(80))]),
            expected: HandTable.passing(.ingress, "x/a", [.sctp80])),
        single(
            "a rule of SCTP isolates its pods from TCP", .conformance,
            .about("x", .ingress, [allow(.namespaces(.namespace("y")), on: .sctp(7777))]),
            expected: HandTable.passing(.ingress, "x/*", [])),
        PolicyCase(
            "a pod with rules of TCP and SCTP, then SCTP alone", .conformance,
            [
                Step(
                    .put(.about("x/a", .ingress, [allow(on: .sctp(80)), allow(on: .tcp(80))])),
                    expected: HandTable.passing(.ingress, "x/a", [.sctp80, .tcp80])),
                Step(
                    .put(.about("x/a", .ingress, [allow(on: .sctp(80))])),
                    expected: HandTable.passing(.ingress, "x/a", [.sctp80])),
            ]),
        single(
            "a rule of UDP opens no TCP", .conformance, .about("x/a", .ingress, [allow(on: .udp(80))]),
            expected: HandTable.passing(.ingress, "x/a", [.udp80])),
        single(
            "any port of one protocol", .conformance, .about("x/a", .ingress, [allow(on: .init(.tcp))]),
            expected: HandTable.passing(.ingress, "x/a", [.tcp80, .tcp81])),
        single(
            "UDP from one pod of another namespace", .conformance,
            .about("x/a", .ingress, [allow(.pods(.pod("a"), in: .namespace("y")), on: .udp(80))]),
            expected: [.only(.ingress, "x/a", ["y/a"], [.udp80]), .only(.ingress, "x/a", [], [.tcp80, .udp81])]),
        single(
            "SCTP is denied with everything else", .conformance, .about("x", .ingress, []),
            expected: [HandTable([.sctp80, .sctp81], blocked: ["* > x/*"])]),
        single(
            "SCTP on a named port from a namespace", .conformance,
            .about("x/a", .ingress, [allow(.namespaces(.namespace("y")), on: .named("serve-81-sctp", .sctp))]),
            expected: [.only(.ingress, "x/a", ["y/*"], [.sctp81]), .only(.ingress, "x/a", [], [.sctp80, .tcp81])]),
    ]
}
