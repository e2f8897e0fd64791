import Addresses
import Policies
import Testing

@Suite struct PolicyStatementTests {
    typealias Clause = PolicyStatement.Clause

    /// `policyTypes` and rules as written, and which directions are isolated.
    @Test(arguments: [
        (#"{}"#, true, false), (#"{"ingress": []}"#, true, false), (#"{"egress": []}"#, true, false),
        (#"{"egress": [{}]}"#, true, true), (#"{"policyTypes": ["Egress"]}"#, false, true),
        (#"{"policyTypes": ["Ingress"], "egress": [{}]}"#, true, false),
        (#"{"policyTypes": ["Egress"], "ingress": [{}]}"#, false, true),
        (#"{"policyTypes": ["Ingress", "Egress"]}"#, true, true), (#"{"policyTypes": [], "egress": [{}]}"#, true, true),
    ])
    func directionsFollowFromTypesAndFromRules(_ spec: String, ingress: Bool, egress: Bool) throws {
        let statement = PolicyStatement(try Documents.policy(spec: spec))
        #expect((statement.ingress != nil) == ingress && (statement.egress != nil) == egress)
    }

    @Test(
        arguments: [
            (#"[]"#, []), (#"[{}]"#, [Clause()]), (#"[{"from": [], "ports": []}]"#, [Clause()]),
            (
                #"[{"from": [{"podSelector": {}}]}]"#,
                [Clause(peers: [.pods(PodGroup(namespaces: .named("shop")))])]
            ),
            (#"[{"from": [{"namespaceSelector": {}}]}]"#, [Clause(peers: [.pods(.everyPod)])]),
            (
                #"[{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}, "podSelector": {"matchLabels": {"a": "b"}}}]}]"#,
                [
                    Clause(
                        peers: [
                            .pods(
                                PodGroup(
                                    namespaces: .labelled(LabelSelector(matchLabels: ["team": "x"])),
                                    pods: LabelSelector(matchLabels: ["a": "b"])))
                        ])
                ]
            ),
            (#"[{"ports": [{}]}]"#, [Clause(traffic: [.ports(.tcp, 0...65535)])]),
            (#"[{"ports": [{"protocol": "SCTP", "port": 80}]}]"#, [Clause(traffic: [.ports(.sctp, 80...80)])]),
            (#"[{"ports": [{"port": 80, "endPort": 80}]}]"#, [Clause(traffic: [.ports(.tcp, 80...80)])]),
            (
                #"[{"ports": [{"protocol": "UDP", "port": "dns"}, {"port": 1, "endPort": 65535}]}]"#,
                [Clause(traffic: [.named(.udp, "dns"), .ports(.tcp, 1...65535)])]
            ),
        ] as [(String, [Clause])])
    func rulesBecomeClauses(_ rules: String, clauses: [Clause]) throws {
        let statement = PolicyStatement(try Documents.policy(spec: #"{"ingress": \#(rules)}"#))
        #expect(statement.ingress == clauses)
        #expect(statement.subjects == [.init(namespace: "shop")])
        #expect(statement.id == "kube.shop.web.u1" && statement.title == "shop/web")
    }

    @Test func namedPortsOfWhoeverIsReachedNeedEveryPod() throws {
        let own = PodGroup(namespaces: .named("shop"))
        for (rule, groups) in [
            (#"{"ports": [{"port": "http"}]}"#, [PodGroup.everyPod]),
            (#"{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": "http"}]}"#, [.everyPod]),
            (#"{"to": [{"podSelector": {}}], "ports": [{"port": "http"}]}"#, [own]),
            (
                #"{"to": [{"podSelector": {}}, {"ipBlock": {"cidr": "::/0"}}], "ports": [{"port": "http"}]}"#,
                [own, .everyPod]
            ),
            (#"{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 80}]}"#, []), (#"{}"#, []),
        ] {
            let statement = PolicyStatement(try Documents.policy(spec: #"{"egress": [\#(rule)]}"#))
            #expect(statement.groups == Set(groups), "\(rule)")
        }
        // Of those that are reached, their own agent knows the ports.
        let ingress = PolicyStatement(try Documents.policy(spec: #"{"ingress": [{"ports": [{"port": "http"}]}]}"#))
        #expect(ingress.groups.isEmpty)
    }

    @Test func whatIsStoredIsReadAsItsAuthorWroteIt() throws {
        let romana = Policy(
            id: "web", targets: [PolicyEndpoint(tenant: "shop")],
            clauses: [PolicyClause(peers: [PolicyEndpoint(peer: "any")], rules: [PolicyRule(.tcp, ports: [80])])])
        let kubernetes = NetworkPolicy(namespace: "shop", name: "web", uid: "u1", ingress: [.init()])
        for policy in [StoredPolicy.romana(romana), .kubernetes(kubernetes)] {
            #expect(try Documents.read(try Documents.written(policy)) == policy)
            #expect(policy.statement.id == policy.id && policy.problems.isEmpty)
        }
        #expect(try Documents.written(StoredPolicy.romana(romana)) == Documents.written(romana))
        #expect(try Documents.written(StoredPolicy.kubernetes(kubernetes)).contains(#""kind":"NetworkPolicy""#))
        #expect(throws: DecodingError.self) { try Documents.read(#"{"kind": "Other"}"#, as: StoredPolicy.self) }
    }
}
