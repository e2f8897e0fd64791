import Addresses
import Policies
import Testing

@Suite struct MembershipRefusalTests {
    @Test func oneBadPolicyIsToldAndTheOthersStand() throws {
        var memberships = Memberships()
        memberships.set(NetworkPolicy(namespace: "shop", name: "good", uid: "1", ingress: []))
        memberships.set(try Documents.policy(spec: #"{"ingress": [{"from": [{"ipBlock": {"cidr": "10/8"}}]}]}"#))
        let changes = memberships.takeChanges()
        #expect(changes.policies.keys.sorted() == ["kube.shop.good.1", "kube.shop.web.u1"])
        #expect(changes.policies["kube.shop.web.u1"]?.ingress == [])
        #expect(changes.findings.map(\.policy.name) == ["web"])
        #expect(changes.findings.map(\.isInForce) == [true])
        #expect(changes.findings[0].problems.map(\.field) == ["spec.ingress[0].from[0].ipBlock.cidr"])
        // Once is enough, until it is mended.
        #expect(memberships.takeChanges().findings.isEmpty)
        memberships.set(try Documents.policy(spec: #"{"ingress": [{}]}"#))
        #expect(memberships.takeChanges().findings.map(\.problems) == [[]])
    }

    @Test func whatWasInForceStaysWhereNothingOfTheNewIsKnown() throws {
        var memberships = Memberships()
        let good = try Documents.policy(spec: #"{"podSelector": {"matchLabels": {"app": "db"}}}"#)
        memberships.set(good)
        _ = memberships.takeChanges()
        memberships.set(
            try Documents.policy(spec: #"{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Near"}]}}"#))
        let changes = memberships.takeChanges()
        #expect(changes.isEmpty)
        #expect(changes.findings.map(\.isInForce) == [false])
        #expect(memberships.content.policies == [good.id: good])
        memberships.removeNetworkPolicy(namespace: "shop", name: "web")
        #expect(memberships.takeChanges().liftedPolicies == [good.id])
    }

    @Test func aHostilePolicyIsHandled() throws {
        let peers = (0..<10_000).map { index in
            NetworkPolicy.Peer.pods(
                namespaces: LabelSelector(matchLabels: ["team": "t\(index)"]),
                pods: index % 2 == 0
                    ? nil : LabelSelector(matchExpressions: [LabelRequirement("a", .isNotIn, ["\(index)"])]))
        }
        var memberships = Memberships()
        for index in 0..<100 {
            memberships.setNamespace("n\(index)", labels: ["team": "t\(index)"])
            memberships.set(
                PodRecord(
                    namespace: "n\(index)", name: "a",
                    addresses: [.v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(index)))]))
        }
        memberships.set(NetworkPolicy(namespace: "n0", name: "p", ingress: [.init(peers: peers)]))
        let changes = memberships.takeChanges()
        #expect(changes.groups.count == 10_000 && changes.members.count == 100 && changes.findings.isEmpty)
        memberships.removeNetworkPolicy(namespace: "n0", name: "p")
        #expect(memberships.takeChanges().vanishedGroups.count == 10_000)
    }
}
