import Addresses
import Policies
import Testing

@Suite struct NetworkPolicyCheckTests {
    /// What is wrong, where, and what is left of the rule: nil for nothing.
    @Test(
        arguments: [
            (#"{"from": [{}]}"#, "from[0]", nil),
            (#"{"from": [{"podSelector": null}]}"#, "from[0]", nil),
            (#"{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}"#, "from[0]", nil),
            (#"{"from": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}"#, "from[0].ipBlock.cidr", nil),
            (#"{"from": [{"ipBlock": {"cidr": "10.0.0.1"}}]}"#, "from[0].ipBlock.cidr", nil),
            (#"{"from": [{"ipBlock": {}}]}"#, "from[0].ipBlock", nil),
            (#"{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["x"]}}]}"#, "from[0].ipBlock.except[0]", nil),
            (
                #"{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}"#,
                "from[0].ipBlock.except[0]", nil
            ),
            (
                #"{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["fd00::/16"]}}]}"#,
                "from[0].ipBlock.except[0]", nil
            ),
            (#"{"from": [{"podSelector": {"matchLabels": {"a": 1}}}]}"#, "from[0].podSelector.matchLabels.a", nil),
            (#"{"from": [{"podSelector": {"matchFields": {}}}]}"#, "from[0].podSelector.matchFields", nil),
            (#"{"from": [{"podSelector": {}, "serviceSelector": {}}]}"#, "from[0].serviceSelector", nil),
            (
                #"{"from": [{"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}]}"#,
                "from[0].namespaceSelector.matchExpressions[0].values", nil
            ),
            (
                #"{"from": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": []}]}}]}"#,
                "from[0].podSelector.matchExpressions[0].values", nil
            ),
            (
                #"{"from": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}}]}"#,
                "from[0].podSelector.matchExpressions[0].values", nil
            ),
            (
                #"{"from": [{"podSelector": {"matchExpressions": [{"key": "", "operator": "Exists"}]}}]}"#,
                "from[0].podSelector.matchExpressions[0].key", nil
            ),
            (
                #"{"from": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "InOrMissing"}]}}]}"#,
                "from[0].podSelector.matchExpressions[0].operator", nil
            ),
            (#"{"from": {}}"#, "from", nil), (#"{"to": [{"podSelector": {}}]}"#, "to", nil),
            (#"{"from": [null]}"#, "from", nil), (#"{"ports": [null]}"#, "ports", nil),
            (#"{"ports": [{"port": 0}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": 65536}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": -1}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": []}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": "80"}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": ""}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": "Web"}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": "a-name-of-16-let"}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"port": "a--b"}]}"#, "ports[0].port", nil),
            (#"{"ports": [{"protocol": "ICMP"}]}"#, "ports[0].protocol", nil),
            (#"{"ports": [{"protocol": "tcp"}]}"#, "ports[0].protocol", nil),
            (#"{"ports": [{"endPort": 90}]}"#, "ports[0].endPort", nil),
            (#"{"ports": [{"port": "http", "endPort": 90}]}"#, "ports[0].endPort", nil),
            (#"{"ports": [{"port": 80, "endPort": 79}]}"#, "ports[0].endPort", nil),
            (#"{"ports": [{"port": 80, "endPort": 70000}]}"#, "ports[0].endPort", nil),
            (#"{"ports": [{"port": 80, "direction": "x"}]}"#, "ports[0].direction", nil),
            (
                #"{"from": [{"podSelector": {}}, {"ipBlock": {"cidr": "?"}}], "ports": [{"port": 80}, {"port": 0}]}"#,
                "from[1].ipBlock.cidr",
                NetworkPolicy.Rule(
                    peers: [.pods(namespaces: nil, pods: LabelSelector())], ports: [.init(.tcp, .number(80))])
            ),
        ] as [(String, String, NetworkPolicy.Rule?)])
    func whatCannotStandAllowsNothing(_ rule: String, field: String, rest: NetworkPolicy.Rule?) throws {
        let policy = try Documents.policy(spec: #"{"ingress": [\#(rule), {"ports": [{"port": 443}]}]}"#)
        #expect(policy.problems.first?.field == "spec.ingress[0].\(field)")
        let other = NetworkPolicy.Rule(ports: [.init(.tcp, .number(443))])
        #expect(policy.standing?.ingress == [rest, other].compactMap(\.self))
        let error = #expect(throws: PolicyError.self) { try policy.check() }
        #expect(error?.id == "kube.shop.web.u1" && error?.problems == policy.problems)
        // What is stored reads the same, without anything left to complain about.
        let standing = try #require(policy.standing)
        #expect(standing.problems.isEmpty && standing.directions == [.ingress])
        #expect(try Documents.read(try Documents.written(standing)) == standing)
    }

    @Test(arguments: [
        #"{"egress": [{"to": [{}]}]}"#, #"{"egress": [{"ports": [{"port": 0}]}]}"#, #"{"egress": 7}"#,
    ])
    func rulesThatAreLostIsolateAllTheSame(_ spec: String) throws {
        let standing = try #require(try Documents.policy(spec: spec).standing)
        #expect(standing.directions == [.ingress, .egress] && standing.egress == [])
        let statement = PolicyStatement(try Documents.policy(spec: spec))
        #expect(statement.egress == [] && statement.ingress == [])
    }

    @Test func aDirectionThatIsNotKnownIsolatesInBoth() throws {
        let policy = try Documents.policy(spec: #"{"policyTypes": ["ingress"], "ingress": [{}]}"#)
        #expect(policy.problems.map(\.field) == ["spec.policyTypes[0]"])
        #expect(policy.standing?.directions == [.ingress, .egress])
        #expect(policy.standing?.ingress == [NetworkPolicy.Rule()])
    }

    @Test func aFieldThatIsNotKnownMayNarrowWhatIsAllowed() throws {
        let policy = try Documents.policy(spec: #"{"ingress": [{}], "egress": [{}], "schedule": "at night"}"#)
        #expect(policy.problems.map(\.field) == ["spec.schedule"])
        #expect(policy.standing == policy.closed)
        #expect(PolicyStatement(policy).ingress == [] && PolicyStatement(policy).egress == [])
    }

    @Test(arguments: [
        #"{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Near", "values": ["b"]}]}}"#,
        #"{"podSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}"#, #"{"podSelector": 7}"#, #"7"#,
    ])
    func aPolicyAboutUnknownPodsIsAboutNobody(_ spec: String) throws {
        let policy = try Documents.policy(spec: spec)
        #expect(policy.problems.count == 1)
        #expect(policy.standing == nil)
        #expect(PolicyStatement(policy).subjects.isEmpty)
    }

    @Test func tenThousandPeersStand() throws {
        let peers = (0..<10_000).map { #"{"podSelector": {"matchLabels": {"app": "client-\#($0)"}}}"# }
        let policy = try Documents.policy(spec: #"{"ingress": [{"from": [\#(peers.joined(separator: ","))]}]}"#)
        try policy.check()
        let statement = PolicyStatement(policy)
        #expect(statement.groups.count == 10_000)
        #expect(statement.ingress?.first?.peers?.count == 10_000)
    }

    @Test(arguments: [
        #"{}"#, #"{"egress": [{}], "policyTypes": ["Ingress", "Egress"]}"#,
        #"{"podSelector": {"matchLabels": {"a/b": "c"}, "matchExpressions": [{"key": "d", "operator": "DoesNotExist"}]}}"#,
        #"{"egress": [{"to": [{"ipBlock": {"cidr": "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"}}]}]}"#,
        #"{"ingress": [{"from": [{"ipBlock": {"cidr": "100.100.100.0/24", "except": ["100.100.100.100/32"]}}]}]}"#,
        #"{"ingress": [{"ports": [{"protocol": "SCTP", "port": 10000, "endPort": 20000}, {"port": "a-long-name"}]}]}"#,
    ])
    func theSizeIsNeverLessThanThatOfTheDocument(_ spec: String) throws {
        let policy = try Documents.policy(spec: spec)
        let rule = NetworkPolicy.Rule(peers: [.pods(namespaces: policy.podSelector, pods: policy.podSelector)])
        let rules = (policy.ingress ?? []) + (policy.egress ?? []) + [rule]
        var large = policy
        large.ingress = (0..<500).flatMap { _ in rules }
        #expect(large.size >= (try Documents.written(large)).utf8.count)
    }

    @Test func whatIsLargerThanAnyUseIsolatesAndAllowsNothing() throws {
        let rules = [NetworkPolicy.Rule](repeating: .init(), count: NetworkPolicy.mostItems + 1)
        let many = NetworkPolicy(namespace: "shop", name: "web", ingress: rules)
        #expect(many.problems == [.init("spec", "it has 100001 items, the most is 100000")])
        #expect(many.standing == many.closed && many.closed.ingress == nil)
        let label = String(repeating: "x", count: NetworkPolicy.largest)
        let long = NetworkPolicy(
            namespace: "shop", name: "web",
            egress: [.init(peers: [.pods(namespaces: nil, pods: LabelSelector(matchLabels: ["a": label]))])])
        #expect(long.problems.map(\.field) == ["spec"])
        #expect(PolicyStatement(long).egress == [] && PolicyStatement(long).ingress == [])
    }

    @Test func manyProblemsAreToldInFew() throws {
        let ports = [NetworkPolicy.Port](repeating: .init(.tcp, .number(0)), count: 1000)
        let policy = NetworkPolicy(namespace: "shop", name: "web", ingress: [.init(ports: ports)])
        #expect(policy.problems.count == 33)
        #expect(policy.problems.last?.problem == "968 more things are wrong")
    }

    @Test func aNameOfAnyLengthThatKubernetesAllowsIsOne() throws {
        let namespace = String(repeating: "n", count: 63)
        let name = String(repeating: "p", count: 253)
        try NetworkPolicy(namespace: namespace, name: name, uid: "d3122af3-a4cc-11e7-a1ea-068bf013416e").check()
        #expect(NetworkPolicy(namespace: namespace, name: name + name, uid: "u").standing == nil)
    }
}
