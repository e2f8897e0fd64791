import Policies

extension PolicyCase {
    /// Several policies about one pod, and policies at both ends.
    static let conflicts: [PolicyCase] = NetworkPolicy.Direction.allCases.flatMap(overlapping) + facing

    private static func overlapping(_ direction: NetworkPolicy.Direction) -> [PolicyCase] {
        let word = word(direction)
        func about(_ target: String, _ name: String, _ rules: NetworkPolicy.Rule...) -> NetworkPolicy {
            .about(target, name: name, direction, rules)
        }
        return [
            single(
                "\(word): a policy that denies all and one that allows all", .conflicts, about("x/a", "deny"),
                about("x/a", "allow", .init()), expected: [HandTable()]),
            single(
                "\(word): a namespace denies all, a pod of it allows a peer", .conflicts, about("x", "deny"),
                about("x/a", "allow", .init(peers: [.pods(.pod("b"), in: .any)])),
                expected: [
                    HandTable(
                        blocked: [direction == .ingress ? "* > x/*" : "x/* > *"],
                        except: [direction == .ingress ? "*/b > x/a" : "x/a > */b"])
                ]),
            single(
                "\(word): two policies add their peers", .conflicts,
                about("x/a", "one", .init(peers: [.pods(.pod("b"))])),
                about("x/a", "two", .init(peers: [.namespaces(.namespace("y"))])),
                expected: [.only(direction, "x/a", ["x/b", "y/*"])]),
            single(
                "\(word): two policies add their ports", .conflicts, about("x/a", "one", .init(ports: [.tcp(80)])),
                about("x/a", "two", .init(ports: [.udp(80)])),
                expected: HandTable.passing(direction, "x/a", [.tcp80, .udp80])),
            single(
                "\(word): peers of one policy do not go with ports of another", .conflicts,
                about("x/a", "one", .init(peers: [.pods(.pod("b"))], ports: [.tcp(80)])),
                about("x/a", "two", .init(peers: [.pods(.pod("c"))], ports: [.tcp(81)])),
                expected: [
                    .only(direction, "x/a", ["x/b"], [.tcp80]), .only(direction, "x/a", ["x/c"], [.tcp81]),
                    .only(direction, "x/a", [], [.udp80, .udp81]),
                ]),
            single(
                "\(word): policies of overlapping targets", .conflicts,
                about("x", "some", .init(peers: [.namespaces(.namespace("y"))]))
                    .selecting(.demand(.init("pod", .isIn, ["a", "b"]))),
                about("x", "others", .init(peers: [.namespaces(.namespace("z"))]))
                    .selecting(.demand(.init("pod", .isIn, ["b", "c"]))),
                expected: [
                    .only(direction, "x/a", ["y/*"]).with(.only(direction, "x/b", ["y/*", "z/*"]))
                        .with(.only(direction, "x/c", ["z/*"]))
                ]),
            single(
                "\(word): policies of one name in two namespaces", .conflicts, about("x", "same"),
                about("y", "same", .init(peers: [.namespaces(.namespace("z"))])),
                expected: [.only(direction, "x/*", []).with(.only(direction, "y/*", ["z/*"]))]),
            single(
                "\(word): ten policies for one pod", .conflicts, about("x/a", "p0"), about("x/a", "p1"),
                about("x/a", "p2", .init(ports: [.tcp(80)])), about("x", "p3"),
                about("x/a", "p4", .init(ports: [.tcp(80)])), about("x/a", "p5"), about("x/b", "p6"),
                about("x/a", "p7", .init(peers: [.pods(.pod("nobody"))])), about("x/a", "p8"), about("x/c", "p9")),
        ]
    }

    /// Policies at both ends of a connection.
    private static let facing: [PolicyCase] = [
        single(
            "the source may not, though the destination would", .conflicts, .about("x/a", .egress, []),
            .about("y", name: "open", .ingress, [.init()]), expected: [HandTable(blocked: ["x/a > *"])]),
        single(
            "the destination would not, though the source may", .conflicts, .about("x/a", .egress, [.init()]),
            .about("y", name: "shut", .ingress, []), expected: [HandTable(blocked: ["* > y/*"])]),
        single(
            "both ends name each other", .conflicts,
            .about("x/a", .egress, [.init(peers: [.pods(.pod("b"), in: .namespace("y"))])]),
            .about("y/b", name: "back", .ingress, [.init(peers: [.pods(.pod("a"), in: .namespace("x"))])]),
            expected: [HandTable(blocked: ["x/a > *", "* > y/b"], except: ["x/a > y/b"])]),
        single(
            "both ends allow different ports", .conflicts, .about("x/a", .egress, [.init(ports: [.tcp(80)])]),
            .about("y/b", name: "back", .ingress, [.init(ports: [.tcp(81)])]),
            expected: [
                HandTable([.tcp80], blocked: ["* > y/b"]), HandTable([.tcp81], blocked: ["x/a > *"]),
                HandTable([.udp80], blocked: ["x/a > *", "* > y/b"]),
            ]),
        single(
            "a ring of three namespaces", .conflicts,
            .about("x", .ingress, [.init(peers: [.namespaces(.namespace("z"))])]),
            .about("y", .ingress, [.init(peers: [.namespaces(.namespace("x"))])]),
            .about("z", .ingress, [.init(peers: [.namespaces(.namespace("y"))])]),
            expected: [HandTable(blocked: ["* > *"], except: ["z/* > x/*", "x/* > y/*", "y/* > z/*"])]),
    ]
}

extension HandTable {
    /// Both tables, of the same traffic, in one.
    fileprivate func with(_ other: HandTable) -> HandTable {
        HandTable(traffic, family: family, blocked: blocked + other.blocked, except: except + other.except)
    }
}
