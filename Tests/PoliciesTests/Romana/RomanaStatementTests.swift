import Addresses
import Policies
import Testing

/// What each combination of direction, target and peer of Romana's own policies means.
///
/// The original had each of them twice, with the target or the policy first in its chains; what they say is the same.
@Suite struct RomanaStatementTests {
    typealias Peer = PolicyStatement.Peer

    private static let office = PolicyEndpoint(cidr: IPPrefix("192.168.0.0/16"))
    private static let ofLabel = LabelSelector(matchLabels: ["romana.io/segment": "web"])
    private static let targets: [(PolicyEndpoint, PolicyStatement.Subject)] = [
        (PolicyEndpoint(tenant: "shop"), .init(namespace: "shop")),
        (PolicyEndpoint(tenant: "shop", segment: "web"), .init(namespace: "shop", pods: ofLabel)),
    ]
    private static let peers: [(PolicyEndpoint, [Peer]?)] = [
        (PolicyEndpoint(peer: "any"), nil), (office, office.cidr.map { [.block($0, except: [])] } ?? []),
        (PolicyEndpoint(tenant: "lab"), [.pods(PodGroup(namespaces: .named("lab")))]),
        (
            PolicyEndpoint(tenant: "lab", segment: "web"),
            [.pods(PodGroup(namespaces: .named("lab"), pods: ofLabel))]
        ),
    ]

    private func policy(
        _ direction: PolicyDirection, _ target: PolicyEndpoint, _ peer: PolicyEndpoint,
        _ rule: PolicyRule = PolicyRule(.tcp, ports: [80])
    ) -> Policy {
        Policy(
            id: "p", direction: direction, targets: [target],
            clauses: [PolicyClause(peers: [peer], rules: [rule])])
    }

    @Test(arguments: 0..<2, 0..<4) func podsMeetPodsAddressesAndEverybody(_ target: Int, _ peer: Int) throws {
        let (target, subject) = Self.targets[target]
        let (peer, peers) = Self.peers[peer]
        let clause = PolicyStatement.Clause(peers: peers, traffic: [.ports(.tcp, 80...80)])

        let ingress = policy(.ingress, target, peer)
        try ingress.check()
        #expect(
            PolicyStatement(ingress) == PolicyStatement(id: "p", title: "p", subjects: [subject], ingress: [clause]))

        let egress = policy(.egress, target, peer)
        try egress.check()
        #expect(
            PolicyStatement(egress)
                == PolicyStatement(id: "p", title: "p", subjects: [subject], egressDenials: [clause]))
    }

    @Test(arguments: [
        PolicyEndpoint(tenant: "lab"), PolicyEndpoint(tenant: "lab", segment: "web"), PolicyEndpoint(peer: "local"),
    ])
    func aNodeIsReachedByItsPodsWhateverIsSaid(_ peer: PolicyEndpoint) throws {
        let policy = policy(.ingress, PolicyEndpoint(destination: "host"), peer)
        try policy.check()
        #expect(PolicyStatement(policy).subjects.isEmpty)
    }

    @Test func combinationsThatWereNeverBuiltCannotStand() {
        let host = PolicyEndpoint(destination: "host")
        let local = PolicyEndpoint(destination: "local")
        let combinations =
            [
                PolicyEndpoint(tenant: "lab"), PolicyEndpoint(tenant: "lab", segment: "web"),
                PolicyEndpoint(peer: "local"),
            ]
            .map { (PolicyDirection.egress, host, $0) }
            + PolicyDirection.allCases.map { ($0, local, PolicyEndpoint(peer: "host")) }
        for (direction, target, peer) in combinations {
            let policy = policy(direction, target, peer)
            #expect(!policy.problems.isEmpty)
            #expect(PolicyStatement(policy).subjects.isEmpty)
        }
    }

    @Test(
        arguments: [
            (PolicyRule(.any), nil), (PolicyRule(.tcp), [.ports(.tcp, 0...65535)]),
            (PolicyRule(.udp, ports: [53, 67]), [.ports(.udp, 53...53), .ports(.udp, 67...67)]),
            (
                PolicyRule(.tcp, ports: [80], portRanges: [.init(first: 8000, last: 8080)]),
                [.ports(.tcp, 80...80), .ports(.tcp, 8000...8080)]
            ),
            (PolicyRule(.icmp), [.icmp(type: nil, code: nil)]),
            (PolicyRule(.icmp, icmpType: 8), [.icmp(type: 8, code: nil)]),
            (PolicyRule(.icmp, icmpType: 3, icmpCode: 4), [.icmp(type: 3, code: 4)]),
        ] as [(PolicyRule, [PolicyStatement.Traffic]?)])
    func rulesAreKindsOfTraffic(_ rule: PolicyRule, traffic: [PolicyStatement.Traffic]?) {
        let policy = policy(.ingress, PolicyEndpoint(tenant: "shop"), PolicyEndpoint(peer: "any"), rule)
        #expect(PolicyStatement(policy).ingress == [.init(traffic: traffic)])
    }

    @Test func theSegmentOfPodsWithoutALabelIsDefault() throws {
        let policy = policy(
            .ingress, PolicyEndpoint(tenant: "shop", segment: "default"),
            PolicyEndpoint(tenant: "lab", segment: "default"))
        let subject = try #require(PolicyStatement(policy).subjects.first)
        guard case .pods(let group)? = PolicyStatement(policy).ingress?.first?.peers?.first else {
            Issue.record("no group")
            return
        }
        for labels in [[:], ["romana.io/segment": "default"], ["romana.io/segment": "", "app": "x"]] {
            #expect(subject.pods.matches(labels) && group.pods.matches(labels))
            #expect(Segment.of(labels: labels) == "default")
        }
        #expect(!subject.pods.matches(["romana.io/segment": "web"]))
        #expect(Segment.of(labels: ["romana.io/segment": "web"]) == "web")
    }

    @Test func severalPeersAndRulesAddUp() {
        let clause = PolicyClause(
            peers: [Self.office, PolicyEndpoint(tenant: "lab")], rules: [PolicyRule(.tcp), PolicyRule(.udp)])
        let open = PolicyClause(
            peers: [Self.office, PolicyEndpoint(peer: "any")], rules: [PolicyRule(.tcp), PolicyRule(.any)])
        let statement = PolicyStatement(
            Policy(
                id: "p", targets: Self.targets.map(\.0), clauses: [clause, open]))
        #expect(statement.subjects.count == 2)
        #expect(statement.ingress?.first?.peers?.count == 2 && statement.ingress?.first?.traffic?.count == 2)
        #expect(statement.ingress?.last == PolicyStatement.Clause())
        #expect(statement.groups == [PodGroup(namespaces: .named("lab"))])
    }
}
