import Addresses
import Policies
import Testing

/// Romana's own policies: ingress lets through and isolates, egress forbids.
@Suite struct RomanaPolicyOracleTests {
    private static let shop = PolicyEndpoint(tenant: "shop")
    private static let traffic = ["tcp/1", "tcp/3", "tcp/4", "tcp/9", "udp/2", "udp/3", "sctp/3", "icmp"]
    private static let everyone = PolicyEndpoint(peer: "any")

    private func policy(
        _ direction: PolicyDirection = .ingress, _ target: PolicyEndpoint = shop, with peer: PolicyEndpoint = everyone,
        rules: [PolicyRule] = [PolicyRule(.any)]
    ) -> Policy {
        Policy(id: "r", direction: direction, targets: [target], clauses: [.init(peers: [peer], rules: rules)])
    }

    private func isAllowed(_ question: String, _ policies: Policy..., kubernetes: [NetworkPolicy] = []) -> Bool? {
        OracleWorld.judge(question, OracleWorld.oracle(kubernetes, policies))?.isAllowed
    }

    @Test func ingressLetsThroughAndIsolates() {
        let policy = policy(with: PolicyEndpoint(tenant: "office"), rules: [PolicyRule(.tcp, ports: [80])])
        #expect(isAllowed("office/desk -> shop/web tcp/80", policy) == true)
        #expect(isAllowed("office/desk -> shop/web tcp/81", policy) == false)
        #expect(isAllowed("shop/db -> shop/web tcp/80", policy) == false)
        #expect(isAllowed("shop/web -> office/desk tcp/80", policy) == true)
        #expect(isAllowed("node:n1 -> shop/web tcp/81", policy) == true)
    }

    @Test func ingressAddsToWhatNetworkPoliciesAllow() {
        let romana = policy(rules: [PolicyRule(.udp, ports: [53])])
        let web = NetworkPolicy.Rule(ports: [.init(.tcp, .number(80))])
        let kubernetes = [OracleWorld.policy("p", "db", ingress: [web])]
        #expect(isAllowed("shop/web -> shop/db tcp/80", romana, kubernetes: kubernetes) == true)
        #expect(isAllowed("shop/web -> shop/db udp/53", romana, kubernetes: kubernetes) == true)
        #expect(isAllowed("shop/web -> shop/db tcp/81", romana, kubernetes: kubernetes) == false)
    }

    @Test func egressForbidsWhateverIsAllowed() {
        let denial = policy(.egress, with: PolicyEndpoint(cidr: IPPrefix("10.0.0.2/31")), rules: [PolicyRule(.tcp)])
        let open = [OracleWorld.policy("p", types: [.egress], egress: [.init()])]
        #expect(isAllowed("shop/web -> shop/db tcp/80", denial, kubernetes: open) == false)
        #expect(isAllowed("shop/web -> shop/cache tcp/80", denial) == false)
        #expect(isAllowed("shop/web -> shop/db udp/80", denial) == true)
        #expect(isAllowed("shop/web -> office/desk tcp/80", denial) == true)
        #expect(isAllowed("office/desk -> shop/db tcp/80", denial) == true)
        #expect(isAllowed("shop/db -> shop/db tcp/80", denial) == true)
    }

    @Test(
        arguments: [
            ("front", "shop/web", true), ("front", "shop/db", false), ("default", "shop/db", true),
            ("default", "shop/web", false), ("", "shop/web", true),
        ]) func aSegmentIsALabelAndPodsWithoutItAreInTheDefaultOne(segment: String, pod: String, isTarget: Bool)
    {
        let target = policy(.egress, PolicyEndpoint(tenant: "shop", segment: segment))
        #expect(isAllowed("\(pod) -> office/desk tcp/1", target) == !isTarget)
        let peer = policy(
            .ingress, PolicyEndpoint(tenant: "office"), with: PolicyEndpoint(tenant: "shop", segment: segment))
        #expect(isAllowed("\(pod) -> office/desk tcp/1", peer) == isTarget)
    }

    @Test(
        arguments: [
            (PolicyRule(.any), Self.traffic), (PolicyRule(.tcp), ["tcp/1", "tcp/3", "tcp/4", "tcp/9"]),
            (PolicyRule(.tcp, ports: [9], portRanges: [.init(first: 1, last: 3)]), ["tcp/1", "tcp/3", "tcp/9"]),
            (PolicyRule(.udp, ports: [2]), ["udp/2"]), (PolicyRule(.icmp), ["icmp"]),
            (PolicyRule(.icmp, icmpType: 8), ["icmp"]), (PolicyRule(.icmp, icmpType: 3, icmpCode: 1), []),
        ]) func aRuleIsAboutItsProtocolAndPorts(rule: PolicyRule, allowed: [String])
    {
        let passing = Self.traffic.filter { isAllowed("office/desk -> shop/db \($0)", policy(rules: [rule])) == true }
        #expect(passing == allowed)
    }

    @Test func policiesAboutNodesAndThoseThatCannotStandIsolateNobody() {
        let node = policy(.ingress, PolicyEndpoint(destination: "host"), with: Self.shop)
        #expect(isAllowed("office/desk -> shop/web tcp/80", node) == true)
        #expect(isAllowed("office/desk -> node:n1 tcp/80", node) == true)
        #expect(isAllowed("office/desk -> shop/web tcp/80", policy(rules: [])) == true)
    }
}
