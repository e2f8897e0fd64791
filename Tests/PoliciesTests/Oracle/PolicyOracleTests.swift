import Addresses
import Policies
import Testing

@Suite struct PolicyOracleTests {
    @Test(arguments: try OracleRule.isolation + OracleRule.peers() + OracleRule.ports + OracleRule.ends())
    func everyRuleOfNetworkPolicyHolds(_ rule: OracleRule) throws {
        let oracle = OracleWorld.oracle(rule.policies)
        for (questions, isAllowed) in [(rule.allowed, true), (rule.denied, false)] {
            for question in questions {
                let judgement = try #require(OracleWorld.judge(question, oracle), "\(question)")
                #expect(judgement.isAllowed == isAllowed, "\(judgement)")
            }
        }
    }

    @Test func changedLabelsCountAtOnce() {
        let peer = NetworkPolicy.Peer.pods(
            namespaces: OracleWorld.labels(["team": "desk"]), pods: OracleWorld.labels(["app": "desk"]))
        var oracle = OracleWorld.oracle([OracleWorld.policy("p", "db", ingress: [.init(peers: [peer])])])
        func desk() -> Bool? { OracleWorld.judge("office/desk -> shop/db tcp/80", oracle)?.isAllowed }
        #expect(desk() == true)
        oracle.namespaces["office"] = [:]
        #expect(desk() == false)
        oracle.namespaces["office"] = ["team": "desk"]
        oracle.pods[3].record.labels = ["app": "chair"]
        #expect(desk() == false)
        oracle.pods[1].record.labels = [:]
        #expect(desk() == true)
    }

    @Test func theAddressOfAPodThatHasEndedIsSomebodyElses() throws {
        let web = NetworkPolicy.Peer.pods(namespaces: nil, pods: OracleWorld.labels(["app": "web"]))
        var oracle = OracleWorld.oracle([OracleWorld.policy("p", "db", ingress: [.init(peers: [web])])])
        #expect(OracleWorld.judge("10.0.0.1 -> shop/db tcp/80", oracle)?.isAllowed == true)
        oracle.pods[0].hasEnded = true
        #expect(OracleWorld.judge("10.0.0.1 -> shop/db tcp/80", oracle)?.isAllowed == false)
        #expect(OracleWorld.judge("shop/web -> shop/db tcp/80", oracle) == nil)
        oracle.pods[2].record.addresses = oracle.pods[0].record.addresses
        #expect(
            OracleWorld.judge("10.0.0.1 -> shop/db tcp/80", oracle)?.from
                == .address(try #require(IPAddress("10.0.0.1"))))
        #expect(OracleWorld.judge("10.0.0.1 -> shop/db tcp/80", oracle)?.isAllowed == false)
    }

    @Test func whoDoesNotExistOrLacksTheFamilyIsNotJudged() {
        var oracle = OracleWorld.oracle()
        oracle.pods[0].record.addresses.removeLast()
        for question in [
            "shop/none -> shop/db tcp/80", "shop/db -> node:none tcp/80", "shop/web -> shop/db tcp/80 6",
            "10.0.0.1 -> shop/db tcp/80 6",
        ] {
            #expect(OracleWorld.judge(question, oracle) == nil, "\(question)")
        }
        let judgement = oracle.judge(from: .pod("shop", "web"), to: .pod("shop", "db"), .port(.tcp, 80))
        #expect(judgement?.family == .ipv4)
    }

    @Test func aJudgementNamesTheRuleOrTheLackOfOne() {
        let web = NetworkPolicy.Peer.pods(namespaces: nil, pods: OracleWorld.labels(["app": "web"]))
        let none = NetworkPolicy.Rule(ports: [.init(.tcp, .name("none"))])
        let oracle = OracleWorld.oracle(
            [
                OracleWorld.policy("b", "db", ingress: [none, .init(peers: [web])]),
                OracleWorld.policy("a", "db", types: [.ingress]), OracleWorld.policy("c", "cache", types: [.egress]),
            ],
            [
                Policy(
                    id: "quiet", direction: .egress, targets: [PolicyEndpoint(tenant: "office")],
                    clauses: [.init(peers: [PolicyEndpoint(peer: "any")], rules: [PolicyRule(.udp)])])
            ])
        let sentences = [
            "shop/web -> shop/db tcp/5432":
                "shop/web -> shop/db TCP 5432: allowed: egress not isolated; ingress by NetworkPolicy shop/b rule 1",
            "shop/cache -> shop/db icmp":
                "shop/cache -> shop/db ICMP type 8 code 0: denied: egress isolated by NetworkPolicy shop/c, which does "
                + "not allow it; ingress isolated by NetworkPolicy shop/a, NetworkPolicy shop/b, none of which allows it",
            "office/desk -> 9.9.9.9 udp/53":
                "office/desk -> 9.9.9.9 UDP 53: denied: egress forbidden by Romana policy quiet rule 0; "
                + "ingress not policed",
            "node:n2 -> shop/db tcp/80":
                "node:n2 -> shop/db TCP 80: allowed: node n2 and its own pods always reach each other",
            "shop/db -> shop/db sctp/9": "shop/db -> shop/db SCTP 9: allowed: a pod always reaches itself",
        ]
        for (question, sentence) in sentences {
            #expect(OracleWorld.judge(question, oracle)?.description == sentence)
        }
    }

    @Test func endsAndTrafficAreReadAsPeopleWriteThem() throws {
        #expect(PolicyOracle.Endpoint("shop/web") == .pod("shop", "web"))
        #expect(PolicyOracle.Endpoint("node:n1") == .node("n1"))
        #expect(PolicyOracle.Endpoint("fd00::1") == .address(try #require(IPAddress("fd00::1"))))
        for text in ["", "web", "a/b/c", "/web", "shop/", "node:", "10.0.0.0/8/1"] {
            #expect(PolicyOracle.Endpoint(text) == nil, "\(text)")
        }
        #expect(PolicyOracle.Traffic("TCP/80", family: .ipv4) == .port(.tcp, 80))
        #expect(PolicyOracle.Traffic("icmp", family: .ipv6) == .icmp(type: 128, code: 0))
        for text in ["", "tcp", "tcp/", "tcp/65536", "tcp/+8", "gre/1", "80/tcp", "icmp/1"] {
            #expect(PolicyOracle.Traffic(text, family: .ipv4) == nil, "\(text)")
        }
    }
}
