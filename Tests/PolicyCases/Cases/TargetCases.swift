import Policies

extension PolicyCase {
    /// Whom a policy is about, in which directions, with everything denied.
    static let targets: [PolicyCase] = selections + types

    /// Selectors of pods, each with the pods of namespace x that it means.
    private static let selectors: [(name: String, selector: LabelSelector, pods: [String])] = [
        ("all pods", .any, ["x/*"]),
        ("a label", .pod("a"), ["x/a"]),
        ("a label that no pod has", .pod("nobody"), []),
        ("a name of a label that no pod has", .labels(["app": "a"]), []),
        ("two labels of which pods have one", .labels(["pod": "a", "app": "a"]), []),
        ("In with one value", .demand(.init("pod", .isIn, ["b"])), ["x/b"]),
        ("In with two values", .demand(.init("pod", .isIn, ["a", "c"])), ["x/a", "x/c"]),
        ("In of a label that no pod has", .demand(.init("app", .isIn, ["a"])), []),
        ("NotIn", .demand(.init("pod", .isNotIn, ["a"])), ["x/b", "x/c"]),
        ("NotIn of a label that no pod has", .demand(.init("app", .isNotIn, ["a"])), ["x/*"]),
        ("Exists", .demand(.init("pod", .exists)), ["x/*"]),
        ("Exists of a label that no pod has", .demand(.init("app", .exists)), []),
        ("DoesNotExist", .demand(.init("pod", .doesNotExist)), []),
        ("DoesNotExist of a label that no pod has", .demand(.init("app", .doesNotExist)), ["x/*"]),
        (
            "two requirements", .demand(.init("pod", .isIn, ["a", "b"]), .init("pod", .isNotIn, ["b"])), ["x/a"]
        ),
        (
            "a label and a requirement",
            LabelSelector(matchLabels: ["pod": "c"], matchExpressions: [.init("pod", .isNotIn, ["a"])]), ["x/c"]
        ),
    ]

    private static let selections: [PolicyCase] = selectors.flatMap { name, selector, pods in
        NetworkPolicy.Direction.allCases.map { direction in
            single(
                "\(word(direction)) of pods by \(name)", .targets,
                NetworkPolicy.about("x", direction, []).selecting(selector),
                expected: [HandTable(blocked: pods.map { direction == .ingress ? "* > \($0)" : "\($0) > *" })])
        }
    }

    /// What is written of types and rules, and which directions are shut.
    private static let types: [PolicyCase] = [
        single(
            "no types and no rules isolate ingress", .targets, .about("x/a"),
            expected: [HandTable(blocked: ["* > x/a"])]),
        single(
            "no types and an empty list of egress rules isolate ingress only", .targets, .about("x/a", egress: []),
            expected: [HandTable(blocked: ["* > x/a"])]),
        single(
            "no types and egress rules isolate both directions", .targets,
            .about("x/a", egress: [.init(peers: [.pods(.pod("b"))])]),
            expected: [HandTable(blocked: ["* > x/a", "x/a > *"], except: ["x/a > x/b"])]),
        single(
            "no types and rules of both directions", .targets,
            .about("x/a", ingress: [.init(peers: [.pods(.pod("c"))])], egress: [.init(peers: [.pods(.pod("b"))])]),
            expected: [HandTable(blocked: ["* > x/a", "x/a > *"], except: ["x/a > x/b", "x/c > x/a"])]),
        single(
            "an empty list of types is as none", .targets, .about("x/a", types: []),
            expected: [HandTable(blocked: ["* > x/a"])]),
        single(
            "type Ingress ignores egress rules", .targets,
            .about("x/a", types: [.ingress], ingress: [.init()], egress: [.init(ports: [.tcp(80)])]),
            expected: [HandTable()]),
        single(
            "type Egress ignores ingress rules", .targets,
            .about("x/a", types: [.egress], ingress: [.init(ports: [.tcp(80)])], egress: [.init()]),
            expected: [HandTable()]),
        single(
            "type Egress without rules", .targets, .about("x/a", types: [.egress]),
            expected: [HandTable(blocked: ["x/a > *"])]),
        single(
            "both types without rules", .targets, .about("x", types: [.ingress, .egress]),
            expected: [HandTable(blocked: ["* > x/*", "x/* > *"])]),
        single(
            "both types with a rule that allows all ingress", .targets,
            .about("x", types: [.egress, .ingress], ingress: [.init()]),
            expected: [HandTable(blocked: ["x/* > *"])]),
        PolicyCase(
            "everything is denied in every namespace", .targets,
            [
                Step(
                    .put(.about("x", types: [.ingress, .egress])), .put(.about("y", types: [.ingress, .egress])),
                    .put(.about("z", types: [.ingress, .egress])), expected: [HandTable(blocked: ["* > *"])])
            ]),
    ]
}
