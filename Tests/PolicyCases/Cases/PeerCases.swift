import Policies

extension PolicyCase {
    /// Peers by selectors, each for both directions of x/a, with the pods that they mean.
    private static let selections: [(name: String, peers: [NetworkPolicy.Peer], pods: [String])] = [
        ("no peers", [], ["*"]),
        ("all pods of the own namespace", [.pods(.any)], ["x/*"]),
        ("a pod of the own namespace", [.pods(.pod("b"))], ["x/b"]),
        ("pods of the own namespace with a label nobody has", [.pods(.labels(["app": "b"]))], []),
        ("pods of the own namespace by In", [.pods(.demand(.init("pod", .isIn, ["b", "c"])))], ["x/b", "x/c"]),
        ("pods of the own namespace by NotIn", [.pods(.demand(.init("pod", .isNotIn, ["b"])))], ["x/c"]),
        ("pods of the own namespace by Exists", [.pods(.demand(.init("pod", .exists)))], ["x/*"]),
        ("pods of the own namespace by DoesNotExist", [.pods(.demand(.init("pod", .doesNotExist)))], []),
        ("all namespaces", [.namespaces(.any)], ["*"]),
        ("a namespace", [.namespaces(.namespace("y"))], ["y/*"]),
        ("the own namespace by its label", [.namespaces(.namespace("x"))], ["x/*"]),
        ("a namespace that is not there", [.namespaces(.namespace("w"))], []),
        ("namespaces by In", [.namespaces(.demand(.init("ns", .isIn, ["x", "z"])))], ["x/*", "z/*"]),
        ("namespaces by NotIn", [.namespaces(.demand(.init("ns", .isNotIn, ["x"])))], ["y/*", "z/*"]),
        ("namespaces by Exists", [.namespaces(.demand(.init("ns", .exists)))], ["*"]),
        ("namespaces by DoesNotExist", [.namespaces(.demand(.init("ns", .doesNotExist)))], []),
        (
            "a namespace by its name", [.namespaces(.labels(["kubernetes.io/metadata.name": "z"]))], ["z/*"]
        ),
        (
            "namespaces by NotIn of their names",
            [.namespaces(.demand(.init("kubernetes.io/metadata.name", .isNotIn, ["x", "y"])))], ["z/*"]
        ),
        ("all pods of all namespaces", [.pods(.any, in: .any)], ["*"]),
        ("a pod of all namespaces", [.pods(.pod("b"), in: .any)], ["*/b"]),
        ("pods of all namespaces by NotIn", [.pods(.demand(.init("pod", .isNotIn, ["b"])), in: .any)], ["*/a", "*/c"]),
        ("all pods of a namespace", [.pods(.any, in: .namespace("y"))], ["y/*"]),
        ("a pod of a namespace", [.pods(.pod("b"), in: .namespace("y"))], ["y/b"]),
        (
            "pods by In of namespaces by NotIn",
            [.pods(.demand(.init("pod", .isIn, ["a", "b"])), in: .demand(.init("ns", .isNotIn, ["x", "z"])))],
            ["y/a", "y/b"]
        ),
        (
            "pods of a namespace by two requirements",
            [.pods(.demand(.init("pod", .exists), .init("pod", .isNotIn, ["c"])), in: .namespace("z"))],
            ["z/a", "z/b"]
        ),
        ("a pod of a namespace that is not there", [.pods(.pod("b"), in: .namespace("w"))], []),
        ("a pod here or a namespace", [.pods(.pod("b")), .namespaces(.namespace("z"))], ["x/b", "z/*"]),
        (
            "pods of two namespaces", [.pods(.pod("a"), in: .namespace("y")), .pods(.pod("b"), in: .namespace("z"))],
            ["y/a", "z/b"]
        ),
        (
            "peers that overlap", [.pods(.pod("b"), in: .any), .pods(.any, in: .namespace("y")), .pods(.pod("b"))],
            ["*/b", "y/*"]
        ),
    ]

    /// Who is at the other end, by selectors: with all ports, and with one.
    static let peers: [PolicyCase] = selections.flatMap { name, peers, pods in
        NetworkPolicy.Direction.allCases.flatMap { direction in
            [
                single(
                    "\(word(direction)) with \(name)", .peers, .about("x/a", direction, [.init(peers: peers)]),
                    expected: [.only(direction, "x/a", pods)]),
                single(
                    "\(word(direction)) with \(name) on TCP 80", .peers,
                    .about("x/a", direction, [.init(peers: peers, ports: [.tcp(80)])]),
                    expected: [
                        .only(direction, "x/a", pods, [.tcp80]),
                        .only(direction, "x/a", [], PolicyOracle.Traffic.all(but: [.tcp80])),
                    ]),
            ]
        }
    }
}
