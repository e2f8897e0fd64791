import Policies

extension PolicyCase {
    private static let shut = HandTable(blocked: ["* > x/a"])

    /// Policies, labels, namespaces and pods that change.
    static let changes: [PolicyCase] = policyChanges + labelChanges + podChanges

    private static let policyChanges: [PolicyCase] = [
        PolicyCase(
            "a policy comes and goes", .changes,
            [
                Step(.put(.about("x/a")), expected: [shut]), Step(.remove("x", "policy"), expected: [HandTable()]),
                Step(.put(.about("x/a", types: [.egress])), expected: [HandTable(blocked: ["x/a > *"])]),
            ]),
        PolicyCase(
            "a policy is edited: its rules", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(ports: [.tcp(80)])])),
                    expected: HandTable.passing(.ingress, "x/a", [.tcp80])),
                Step(
                    .put(.about("x/a", .ingress, [.init(ports: [.tcp(81)])])),
                    expected: HandTable.passing(.ingress, "x/a", [.tcp81])),
                Step(.put(.about("x/a", .ingress, [.init()])), expected: [HandTable()]),
                Step(.put(.about("x/a", .ingress, [])), expected: [shut]),
            ]),
        PolicyCase(
            "a policy is edited: its peers", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    expected: [.only(.ingress, "x/a", ["x/b"])]),
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.namespaces(.namespace("y"))])])),
                    expected: [.only(.ingress, "x/a", ["y/*"])]),
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("c"), in: .any)])])),
                    expected: [.only(.ingress, "x/a", ["*/c"])]),
            ]),
        PolicyCase(
            "a policy is edited: its target", .changes,
            [
                Step(.put(.about("x/a")), expected: [shut]),
                Step(.put(.about("x/b")), expected: [HandTable(blocked: ["* > x/b"])]),
                Step(.put(.about("x")), expected: [HandTable(blocked: ["* > x/*"])]),
            ]),
        PolicyCase(
            "a policy is edited: its direction", .changes,
            [
                Step(.put(.about("x/a", .ingress, [])), expected: [shut]),
                Step(.put(.about("x/a", .egress, [])), expected: [HandTable(blocked: ["x/a > *"])]),
                Step(
                    .put(.about("x/a", types: [.ingress, .egress])),
                    expected: [HandTable(blocked: ["* > x/a", "x/a > *"])]),
            ]),
        PolicyCase(
            "one of two policies goes", .changes,
            [
                Step(
                    .put(.about("x/a", name: "one", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    .put(.about("x/a", name: "two", .ingress, [.init(peers: [.namespaces(.namespace("y"))])])),
                    expected: [.only(.ingress, "x/a", ["x/b", "y/*"])]),
                Step(.remove("x", "one"), expected: [.only(.ingress, "x/a", ["y/*"])]),
                Step(.remove("x", "two"), expected: [HandTable()]),
            ]),
        PolicyCase(
            "policies are exchanged in one step", .changes,
            [
                Step(.put(.about("x/a", name: "one", .ingress, [.init(ports: [.tcp(80)])]))),
                Step(
                    .put(.about("x/a", name: "two", .ingress, [.init(ports: [.udp(80)])])), .remove("x", "one"),
                    expected: HandTable.passing(.ingress, "x/a", [.udp80])),
            ]),
    ]

    private static let labelChanges: [PolicyCase] = [
        PolicyCase(
            "a pod becomes a target by its labels, and ceases to be one", .changes,
            [
                Step(.put(NetworkPolicy.about("x").selecting(.labels(["guarded": "yes"]))), expected: [HandTable()]),
                Step(.labelPod("x", "a", ["pod": "a", "guarded": "yes"]), expected: [shut]),
                Step(.labelPod("x", "a", ["pod": "a", "guarded": "no"]), expected: [HandTable()]),
            ]),
        PolicyCase(
            "a pod becomes a peer by its labels, and ceases to be one", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.labels(["guest": "yes"]), in: .any)])])),
                    expected: [shut]),
                Step(.labelPod("y", "b", ["pod": "b", "guest": "yes"]), expected: [.only(.ingress, "x/a", ["y/b"])]),
                Step(.labelPod("y", "b", ["pod": "b"]), expected: [shut]),
            ]),
        PolicyCase(
            "pods exchange their labels", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    expected: [.only(.ingress, "x/a", ["x/b"])]),
                Step(
                    .labelPod("x", "b", ["pod": "c"]), .labelPod("x", "c", ["pod": "b"]),
                    expected: [.only(.ingress, "x/a", ["x/c"])]),
            ]),
        PolicyCase(
            "a target and a peer exchange their labels", .changes,
            [
                Step(
                    .put(.about("x/a", .egress, [.init(peers: [.pods(.pod("b"))])])),
                    expected: [.only(.egress, "x/a", ["x/b"])]),
                Step(
                    .labelPod("x", "a", ["pod": "b"]), .labelPod("x", "b", ["pod": "a"]),
                    expected: [.only(.egress, "x/b", ["x/a"])]),
            ]),
        PolicyCase(
            "a pod loses all labels", .changes,
            [
                Step(
                    .put(NetworkPolicy.about("x").selecting(.demand(.init("pod", .doesNotExist)))),
                    expected: [HandTable()]),
                Step(.labelPod("x", "a", [:]), expected: [shut]),
            ]),
        PolicyCase(
            "a namespace becomes a peer by its labels, and ceases to be one", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.namespaces(.labels(["guest": "yes"]))])])),
                    expected: [shut]),
                Step(.labelNamespace("y", ["ns": "y", "guest": "yes"]), expected: [.only(.ingress, "x/a", ["y/*"])]),
                Step(
                    .labelNamespace("y", ["ns": "y"]), .labelNamespace("z", ["ns": "z", "guest": "yes"]),
                    expected: [.only(.ingress, "x/a", ["z/*"])]),
                Step(.labelNamespace("z", ["ns": "z"]), expected: [shut]),
            ]),
        PolicyCase(
            "namespaces exchange their labels", .changes,
            [
                Step(
                    .put(.about("x/a", .egress, [.init(peers: [.namespaces(.namespace("y"))])])),
                    expected: [.only(.egress, "x/a", ["y/*"])]),
                Step(
                    .labelNamespace("y", ["ns": "z"]), .labelNamespace("z", ["ns": "y"]),
                    expected: [.only(.egress, "x/a", ["z/*"])]),
            ]),
        PolicyCase(
            "a namespace loses its label, but not the one with its name", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.namespaces(.demand(.init("ns", .doesNotExist)))])])),
                    expected: [shut]),
                Step(.labelNamespace("y", [:]), expected: [.only(.ingress, "x/a", ["y/*"])]),
                Step(
                    .put(
                        .about(
                            "x/a", .ingress,
                            [.init(peers: [.namespaces(.labels(["kubernetes.io/metadata.name": "y"]))])])),
                    expected: [.only(.ingress, "x/a", ["y/*"])]),
            ]),
        PolicyCase(
            "labels of a pod and of its namespace change together", .changes,
            [
                Step(
                    .put(
                        .about(
                            "x/a", .ingress,
                            [.init(peers: [.pods(.labels(["guest": "yes"]), in: .labels(["guest": "yes"]))])])),
                    expected: [shut]),
                Step(.labelPod("z", "c", ["pod": "c", "guest": "yes"]), expected: [shut]),
                Step(.labelNamespace("z", ["ns": "z", "guest": "yes"]), expected: [.only(.ingress, "x/a", ["z/c"])]),
                Step(.labelNamespace("z", ["ns": "z"]), expected: [shut]),
            ]),
    ]

    private static let podChanges: [PolicyCase] = [
        PolicyCase(
            "a pod starts under a policy", .changes,
            [
                Step(
                    .put(.about("x", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    expected: [.only(.ingress, "x/*", ["x/b"])]),
                Step(.start(CaseWorld.record("x", "d")), expected: [.only(.ingress, "x/*", ["x/b"])]),
                Step(.stop("x", "d")),
            ]),
        PolicyCase(
            "a pod starts as a peer, and is gone", .changes,
            [
                Step(.put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("d"), in: .any)])])), expected: [shut]),
                Step(.start(CaseWorld.record("y", "d")), expected: [.only(.ingress, "x/a", ["y/d"])]),
                Step(.stop("y", "d"), expected: [shut]),
            ]),
        PolicyCase(
            "a pod starts with a port that has the name of others", .changes,
            [
                Step(
                    .put(.about("x/a", .egress, [.init(ports: [.named("web")])])),
                    expected: [HandTable([.tcp81], blocked: ["x/a > *"], except: ["x/a > */b"])]),
                Step(
                    .start(with([.init("web", .tcp, 81)], CaseWorld.record("z", "d"))),
                    expected: [HandTable([.tcp81], blocked: ["x/a > *"], except: ["x/a > */b", "x/a > z/d"])]),
                Step(.stop("z", "d")),
            ]),
        PolicyCase(
            "another pod follows under the name of one that was a peer", .changes,
            [
                Step(
                    .put(.about("x/a", .ingress, [.init(peers: [.pods(.pod("b"))])])),
                    .start(CaseWorld.record("x", "d", labels: ["pod": "b"])),
                    expected: [.only(.ingress, "x/a", ["x/b", "x/d"])]),
                Step(.stop("x", "d"), expected: [.only(.ingress, "x/a", ["x/b"])]),
                Step(
                    .start(CaseWorld.record("x", "d", labels: ["pod": "c"])),
                    expected: [.only(.ingress, "x/a", ["x/b"])]),
                Step(.stop("x", "d")),
            ]),
    ]

    private static func with(_ ports: [PodRecord.NamedPort], _ record: PodRecord) -> PodRecord {
        var record = record
        record.ports = ports
        return record
    }
}
