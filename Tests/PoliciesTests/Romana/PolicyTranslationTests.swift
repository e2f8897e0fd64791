import Addresses
import Policies
import Testing

/// What NetworkPolicies are in Romana's own words: the translations that other programs rely on.
@Suite struct PolicyTranslationTests {
    private static let backend = #""podSelector": {"matchLabels": {"romana.io/segment": "backend"}}"#
    private static let web = #"{"podSelector": {"matchLabels": {"romana.io/segment": "web"}}}"#
    private static let port = #""ports": [{"protocol": "TCP", "port": 80}]"#

    /// Reads a policy `tenant-a/pol1` as of 2017, whose namespaces have their names as label `namespace`.
    private func translation(_ spec: String) throws -> String {
        let policy: NetworkPolicy = try Documents.read(
            #"""
            {"apiVersion": "extensions/v1beta1", "kind": "NetworkPolicy",
             "metadata": {"namespace": "tenant-a", "name": "pol1", "uid": "u1"}, "spec": \#(spec)}
            """#)
        return try Documents.written(try Policy(translating: policy, namespaceLabels: ["namespace"]))
    }

    private func expected(_ target: String, _ peers: String, _ rules: String) -> String {
        #"{"applied_to":[\#(target)],"direction":"ingress","id":"kube.tenant-a.pol1.u1","#
            + #""ingress":[{"peers":[\#(peers)],"rules":[\#(rules)]}]}"#
    }

    @Test(arguments: [
        (
            "a segment from another", web, port, #"{"segment_id":"web","tenant_id":"tenant-a"}"#,
            #"{"ports":[80],"protocol":"tcp"}"#
        ),
        ("from everybody", "", port, #"{"peer":"any"}"#, #"{"ports":[80],"protocol":"tcp"}"#),
        (
            "from another tenant", #"{"namespaceSelector": {"matchLabels": {"namespace": "kube-system"}}}"#, port,
            #"{"tenant_id":"kube-system"}"#, #"{"ports":[80],"protocol":"tcp"}"#
        ),
        (
            "from a segment of another tenant",
            #"""
            {"namespaceSelector": {"matchLabels": {"namespace": "t"}},
             "podSelector": {"matchLabels": {"romana.io/segment": "s"}}}
            """#, port, #"{"segment_id":"s","tenant_id":"t"}"#, #"{"ports":[80],"protocol":"tcp"}"#
        ),
        (
            "from the tenant itself", #"{"podSelector": {}}"#, port, #"{"tenant_id":"tenant-a"}"#,
            #"{"ports":[80],"protocol":"tcp"}"#
        ),
        (
            "from addresses", #"{"ipBlock": {"cidr": "10.0.0.0/8"}}"#, port, #"{"cidr":"10.0.0.0/8"}"#,
            #"{"ports":[80],"protocol":"tcp"}"#
        ),
        ("everything", web, #""ports": null"#, #"{"segment_id":"web","tenant_id":"tenant-a"}"#, #"{"protocol":"any"}"#),
        (
            "a protocol", web, #""ports": [{"protocol": "UDP"}]"#, #"{"segment_id":"web","tenant_id":"tenant-a"}"#,
            #"{"protocol":"udp"}"#
        ),
        (
            "TCP unless said", web, #""ports": [{"port": 1}]"#, #"{"segment_id":"web","tenant_id":"tenant-a"}"#,
            #"{"ports":[1],"protocol":"tcp"}"#
        ),
        (
            "ranges", web, #""ports": [{"port": 1, "endPort": 9}, {"protocol": "UDP", "port": 53}]"#,
            #"{"segment_id":"web","tenant_id":"tenant-a"}"#,
            #"{"port_ranges":[[1,9]],"protocol":"tcp"},{"ports":[53],"protocol":"udp"}"#
        ),
    ])
    func whatCanBeSaidIsSaid(_ title: String, from: String, ports: String, peers: String, rules: String) throws {
        #expect(
            try translation(#"{\#(Self.backend), "ingress": [{"from": [\#(from)], \#(ports)}]}"#)
                == expected(#"{"segment_id":"backend","tenant_id":"tenant-a"}"#, peers, rules))
        #expect(
            try translation(#"{"podSelector": {}, "ingress": [{"from": [\#(from)], \#(ports)}]}"#)
                == expected(#"{"tenant_id":"tenant-a"}"#, peers, rules))
    }

    @Test func aTranslationSaysTheSameAndCanStand() throws {
        let policy = try Documents.policy(
            spec: #"""
                {"podSelector": {"matchLabels": {"romana.io/segment": "db"}},
                 "ingress": [{"from": [{"podSelector": {"matchLabels": {"romana.io/segment": "web"}}},
                                       {"ipBlock": {"cidr": "fd00::/8"}}], "ports": [{"port": 80}]}, {}]}
                """#)
        let translated = try Policy(translating: policy)
        try translated.check()
        let (one, other) = (PolicyStatement(policy), PolicyStatement(translated))
        #expect(one.subjects == other.subjects && one.ingress == other.ingress && one.egress == other.egress)
    }

    /// The original dropped what it had no words for, which let in more than was written, or nobody at all.
    @Test(arguments: [
        (#"{"podSelector": {"matchLabels": {"free-range": "tenbucks"}}, "ingress": [{}]}"#, "spec.podSelector"),
        (
            #"{"ingress": [{"from": [{"podSelector": {"matchLabels": {"free-range": "tenbucks"}}}]}]}"#,
            "spec.ingress[0].from[0].podSelector"
        ),
        (
            #"{"podSelector": {"matchLabels": {"romana.io/segment": "a", "app": "b"}}, "ingress": [{}]}"#,
            "spec.podSelector"
        ),
        (
            #"{"podSelector": {"matchExpressions": [{"key": "romana.io/segment", "operator": "Exists"}]}, "ingress": [{}]}"#,
            "spec.podSelector"
        ),
        (#"{"podSelector": {"matchLabels": {"romana.io/segment": "default"}}, "ingress": [{}]}"#, "spec.podSelector"),
        (#"{"ingress": [{"from": [{"namespaceSelector": {}}]}]}"#, "spec.ingress[0].from[0].namespaceSelector"),
        (
            #"{"ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}]}"#,
            "spec.ingress[0].from[0].namespaceSelector"
        ),
        (
            #"{"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}]}"#,
            "spec.ingress[0].from[0].ipBlock.except"
        ),
        (#"{"ingress": [{"ports": [{"port": "http"}]}]}"#, "spec.ingress[0].ports[0].port"),
        (#"{"ingress": [{"ports": [{"protocol": "SCTP", "port": 80}]}]}"#, "spec.ingress[0].ports[0].protocol"),
        (#"{"ingress": [{}], "egress": [{}]}"#, "spec.policyTypes"),
        (#"{"policyTypes": ["Egress"]}"#, "spec.policyTypes"),
        (#"{}"#, "spec.ingress"), (#"{"ingress": []}"#, "spec.ingress"),
        (#"{"ingress": [{"from": [{}]}]}"#, "spec.ingress[0].from[0]"),
    ])
    func whatCannotBeSaidIsNamed(_ spec: String, field: String) throws {
        let policy = try Documents.policy(spec: spec)
        let error = #expect(throws: PolicyError.self) { try Policy(translating: policy) }
        #expect(error?.problems.first?.field == field)
        #expect(error?.id == policy.id)
    }
}
