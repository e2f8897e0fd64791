import Addresses
import FoundationEssentials
import Policies
import Testing

@Suite struct NetworkPolicyCodingTests {
    @Test func anObjectOfTheAPIServerIsRead() throws {
        let policy: NetworkPolicy = try Documents.read(
            #"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
             "metadata": {"name": "db", "namespace": "shop", "uid": "7d1f", "resourceVersion": "12",
                          "managedFields": [{"manager": "kubectl"}], "annotations": {"a": "b"}},
             "spec": {
               "podSelector": {"matchLabels": {"app": "db"},
                               "matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]},
               "policyTypes": ["Ingress", "Egress"],
               "ingress": [{
                 "from": [{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {"team": "x"}}},
                          {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}},
                          {"ipBlock": {"cidr": "10.0.0.5/8", "except": ["10.1.0.0/16"]}}],
                 "ports": [{"protocol": "TCP", "port": 5432}, {"port": "http"}, {"protocol": "SCTP"},
                           {"protocol": "UDP", "port": 1000, "endPort": 2000}]}],
               "egress": [{}]},
             "status": {}}
            """#)
        #expect(policy.namespace == "shop" && policy.name == "db" && policy.uid == "7d1f")
        #expect(policy.id == "kube.shop.db.7d1f")
        #expect(policy.podSelector.matchLabels == ["app": "db"])
        #expect(policy.podSelector.matchExpressions == [LabelRequirement("tier", .isIn, ["a", "b"])])
        #expect(policy.policyTypes == [.ingress, .egress])
        let rule = try #require(policy.ingress?.first)
        let everywhere = LabelSelector()
        #expect(
            rule.peers == [
                .pods(namespaces: nil, pods: everywhere),
                .pods(namespaces: LabelSelector(matchLabels: ["team": "x"]), pods: nil),
                .pods(namespaces: everywhere, pods: LabelSelector(matchLabels: ["app": "web"])),
                .block(try IPPrefix(parsing: "10.0.0.0/8"), except: [try IPPrefix(parsing: "10.1.0.0/16")]),
            ])
        #expect(
            rule.ports == [
                .init(.tcp, .number(5432)), .init(.tcp, .name("http")), .init(.sctp),
                .init(.udp, .number(1000), endPort: 2000),
            ])
        #expect(policy.egress == [NetworkPolicy.Rule()])
        #expect(policy.problems.isEmpty)
        #expect(policy.standing == policy)
        let again: NetworkPolicy = try Documents.read(try Documents.written(policy))
        #expect(again == policy)
    }

    @Test(
        arguments: [
            (#"{}"#, nil, nil, nil), (#"{"ingress": null, "egress": null, "policyTypes": null}"#, nil, nil, nil),
            (#"{"ingress": [], "egress": [], "policyTypes": []}"#, [], [], []),
            (#"{"ingress": [{"from": null, "ports": null}], "policyTypes": ["Egress"]}"#, [.init()], nil, [.egress]),
            (#"{"egress": [{"to": [], "ports": []}]}"#, nil, [.init()], nil),
        ] as [(String, [NetworkPolicy.Rule]?, [NetworkPolicy.Rule]?, [NetworkPolicy.Direction]?)])
    func whatIsAbsentDiffersFromWhatIsEmpty(
        _ spec: String, ingress: [NetworkPolicy.Rule]?, egress: [NetworkPolicy.Rule]?, types: [NetworkPolicy.Direction]?
    ) throws {
        let policy = try Documents.policy(spec: spec)
        #expect(policy.ingress == ingress && policy.egress == egress && policy.policyTypes == types)
        #expect(policy.podSelector.isEmpty && policy.problems.isEmpty)
        #expect(try Documents.read(try Documents.written(policy)) == policy)
    }

    @Test(arguments: [
        #"{"metadata": {"name": "a", "namespace": "shop"}}"#, #"{"metadata": {"name": "a"}, "spec": null}"#,
        #"{"kind": "NetworkPolicy", "apiVersion": "extensions/v1beta1", "metadata": {"name": "a"}, "spec": {}}"#,
    ])
    func anObjectWithoutMuchIsOneAllTheSame(_ json: String) throws {
        let policy: NetworkPolicy = try Documents.read(json)
        #expect(policy.name == "a" && policy.problems.isEmpty && policy.directions == [.ingress])
    }

    @Test(arguments: [
        #"{}"#, #"{"metadata": {"namespace": "shop"}}"#, #"{"kind": "Pod", "metadata": {"name": "a"}}"#,
        #"{"kind": "NetworkPolicy", "apiVersion": "crd.projectcalico.org/v1", "metadata": {"name": "a"}}"#, #"[]"#,
    ])
    func whatIsNoNetworkPolicyIsNotRead(_ json: String) {
        #expect(throws: DecodingError.self) { try Documents.read(json, as: NetworkPolicy.self) }
    }

    @Test func aListIsReadForTheSakeOfTheGoodOnes() throws {
        struct List: Decodable { var items: [NetworkPolicy] }
        let list: List = try Documents.read(
            #"""
            {"items": [
              {"metadata": {"name": "bad"},
               "spec": {"ingress": [{"from": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "~"}]}}]}]}},
              {"metadata": {"name": "good"}, "spec": {}}]}
            """#)
        #expect(list.items.map(\.name) == ["bad", "good"])
        #expect(
            list.items[0].problems.map(\.description) == [
                "spec.ingress[0].from[0].podSelector.matchExpressions[0].operator: "
                    + "\"~\" is none of In, NotIn, Exists, DoesNotExist"
            ])
        #expect(list.items[1].problems.isEmpty)
    }
}
