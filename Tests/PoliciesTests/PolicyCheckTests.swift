import Addresses
import Policies
import Testing

@Suite struct PolicyCheckTests {
    static let shop = PolicyEndpoint(tenant: "shop")
    static let web = PolicyEndpoint(tenant: "shop", segment: "web")
    static let everyone = PolicyEndpoint(peer: "any")
    static let node = PolicyEndpoint(destination: "host")

    private func policy(
        _ direction: PolicyDirection = .ingress, id: String = "p", to targets: [PolicyEndpoint] = [shop],
        from peers: [PolicyEndpoint] = [everyone], _ rules: [PolicyRule] = [PolicyRule(.any)]
    ) -> Policy {
        Policy(
            id: id, direction: direction, targets: targets, clauses: [PolicyClause(peers: peers, rules: rules)])
    }

    private func problems(_ policy: Policy) -> [String] { policy.problems.map(\.description) }

    @Test(arguments: PolicyDirection.allCases) func podsMeetPodsAddressesAndEverybody(_ direction: PolicyDirection)
        throws
    {
        let office = PolicyEndpoint(cidr: IPPrefix("192.168.0.0/16"))
        for target in [Self.shop, Self.web] {
            for peer in [Self.shop, Self.web, Self.everyone, office] {
                try policy(direction, to: [target], from: [peer]).check()
            }
        }
    }

    @Test func aNodeIsATargetForPodsAndForItselfOnly() throws {
        for peer in [Self.shop, Self.web, PolicyEndpoint(peer: "local")] {
            try policy(to: [Self.node], from: [peer]).check()
            #expect(!policy(.egress, to: [Self.node], from: [peer]).problems.isEmpty)
        }
        #expect(
            problems(policy(to: [Self.node], from: [Self.shop, Self.everyone])) == [
                "ingress[0].peers[1]: ingress of host with any as peer is not something a policy can say"
            ])
        for peer in ["host", "local"] {
            #expect(problems(policy(from: [PolicyEndpoint(peer: peer)])).count == 1)
        }
        #expect(problems(policy(to: [PolicyEndpoint(destination: "local")])).count == 1)
    }

    @Test func everythingThatIsEmptyIsNamed() {
        let nothing = Policy(id: "", targets: [], clauses: [])
        #expect(nothing.problems.map(\.field) == ["id", "applied_to", "ingress"])
        let hollow = Policy(id: "p", targets: [Self.shop], clauses: [PolicyClause(peers: [], rules: [])])
        #expect(hollow.problems.map(\.field) == ["ingress[0].peers", "ingress[0].rules"])
        let error = #expect(throws: PolicyError.self) { try hollow.check() }
        #expect(error?.description.contains("ingress[0].peers: it is empty") == true)
    }

    @Test func anEndpointThatSaysTwoThingsOrNoneIsRefused() {
        let both = PolicyEndpoint(peer: "any", tenant: "shop")
        #expect(
            problems(policy(from: [both])).first
                == "ingress[0].peers[0]: it says peer and tenant_id; one of them names an endpoint")
        #expect(problems(policy(from: [PolicyEndpoint()])) == ["ingress[0].peers[0]: it names no endpoint"])
        #expect(
            problems(policy(from: [PolicyEndpoint(segment: "web")])) == [
                "ingress[0].peers[0].tenant_id: it is empty, and segment web is of no tenant"
            ])
        #expect(
            problems(policy(to: [PolicyEndpoint(peer: "any")])) == [
                "applied_to[0]: peer \"any\" names no endpoint here"
            ])
        #expect(problems(policy(from: [PolicyEndpoint(peer: "all")])).count == 1)
    }

    @Test(
        arguments: [
            (PolicyRule(.tcp, ports: [0, 80, 65535]), nil), (PolicyRule(.udp, ports: [53, 65536]), "ports[1]"),
            (PolicyRule(.tcp, ports: [-1]), "ports[0]"),
            (PolicyRule(.tcp, portRanges: [.init(first: 1, last: 1)]), nil),
            (PolicyRule(.tcp, portRanges: [.init(first: 2, last: 1)]), "port_ranges[0]"),
            (PolicyRule(.tcp, portRanges: [.init(first: 0, last: 70000)]), "port_ranges[0]"),
            (PolicyRule(.any, ports: [80]), "ports"), (PolicyRule(.icmp, ports: [80]), "ports"),
            (PolicyRule(.icmp, portRanges: [.init(first: 1, last: 2)]), "port_ranges"),
            (PolicyRule(.tcp, icmpType: 8), "icmp_type"), (PolicyRule(.any, icmpCode: 1), "icmp_code"),
            (PolicyRule(.icmp, icmpType: 255), nil), (PolicyRule(.icmp, icmpType: 256), "icmp_type"),
            (PolicyRule(.icmp, icmpType: 3, icmpCode: 15), nil),
            (PolicyRule(.icmp, icmpType: 3, icmpCode: 16), "icmp_code"),
            (PolicyRule(.icmp, icmpType: 4, icmpCode: 1), "icmp_code"),
            (PolicyRule(.icmp, icmpType: 5, icmpCode: 3), nil),
            (PolicyRule(.icmp, icmpType: 5, icmpCode: 4), "icmp_code"),
            (PolicyRule(.icmp, icmpType: 11, icmpCode: 1), nil),
            (PolicyRule(.icmp, icmpType: 11, icmpCode: 2), "icmp_code"),
            (PolicyRule(.icmp, icmpType: 8, icmpCode: -1), "icmp_code"),
        ] as [(PolicyRule, String?)])
    func aRuleSaysOnlyWhatItsProtocolHas(_ rule: PolicyRule, field: String?) {
        #expect(policy([rule]).problems.map(\.field) == (field.map { ["ingress[0].rules[0].\($0)"] } ?? []))
    }

    private func policy(_ rules: [PolicyRule]) -> Policy { policy(.ingress, rules) }

    @Test(arguments: ["", "a/b", "a b", "a\nb", ".", "..", String(repeating: "x", count: 513)])
    func anIDThatCannotBeAKeyIsRefused(_ id: String) {
        #expect(policy(id: id).problems.map(\.field) == ["id"])
    }

    @Test func anIDOfKubernetesIsOne() throws {
        try policy(id: "kube.shop.db.d3122af3-a4cc-11e7-a1ea-068bf013416e").check()
    }
}
