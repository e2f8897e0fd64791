import Addresses
import FoundationEssentials
import Policies
import Testing

@Suite struct MembershipTests {
    private static let web = LabelSelector(matchLabels: ["app": "web"])
    private static let webOfShop = PodGroup(namespaces: .named("shop"), pods: web)

    /// A policy `shop/NAME` that lets peers in.
    private func policy(
        _ name: String = "p", uid: String = "u1", from peers: [NetworkPolicy.Peer], ports: [NetworkPolicy.Port] = []
    ) -> NetworkPolicy {
        NetworkPolicy(namespace: "shop", name: name, uid: uid, ingress: [.init(peers: peers, ports: ports)])
    }

    private func pod(
        _ name: String, in namespace: String = "shop", uid: String = "", _ labels: [String: String] = ["app": "web"],
        at addresses: String..., ports: [PodRecord.NamedPort] = [], isEnding: Bool = false
    ) throws -> PodRecord {
        PodRecord(
            namespace: namespace, name: name, uid: uid, labels: labels,
            addresses: try addresses.map { try IPAddress(parsing: $0) }, ports: ports, isEnding: isEnding)
    }

    private func members(_ memberships: Memberships, _ group: PodGroup = webOfShop) -> [String: String] {
        (memberships.content.members[group.key] ?? [:]).reduce(into: [:]) { $0["\($1.key)"] = $1.value.pod }
    }

    @Test func aPolicyBringsItsGroupsAndTheirMembers() throws {
        var memberships = Memberships()
        memberships.setNamespace("shop", labels: [:])
        memberships.set(try pod("a", at: "10.0.0.1", "fd00::1", ports: [.init("http", .tcp, 80)]))
        memberships.set(try pod("b", ["app": "db"], at: "10.0.0.2"))
        #expect(memberships.takeChanges().isEmpty)

        let policy = policy(from: [.pods(namespaces: nil, pods: Self.web)])
        memberships.set(policy)
        var changes = memberships.takeChanges()
        #expect(changes.policies == ["kube.shop.p.u1": policy])
        #expect(changes.groups == [Self.webOfShop.key: Self.webOfShop])
        let first = try IPAddress(parsing: "10.0.0.1")
        let member = GroupMember(address: first, pod: "shop/a", ports: [.init("http", .tcp, 80)])
        #expect(changes.members[Self.webOfShop.key]?.count == 2)
        #expect(changes.members[Self.webOfShop.key]?[first] == member)
        #expect(changes.vanishedGroups.isEmpty && changes.formerMembers.isEmpty && changes.liftedPolicies.isEmpty)
        #expect(memberships.takeChanges().isEmpty)

        memberships.removeNetworkPolicy(namespace: "shop", name: "p")
        changes = memberships.takeChanges()
        #expect(changes.liftedPolicies == ["kube.shop.p.u1"] && changes.vanishedGroups == [Self.webOfShop.key])
        #expect(changes.formerMembers[Self.webOfShop.key]?.count == 2)
        #expect(memberships.content == Memberships.Content())
    }

    @Test func twoPoliciesShareAGroup() throws {
        var memberships = Memberships()
        let peer = NetworkPolicy.Peer.pods(namespaces: nil, pods: Self.web)
        memberships.set(policy("p", from: [peer]))
        memberships.set(policy("q", from: [peer, peer]))
        #expect(memberships.takeChanges().groups.count == 1)
        memberships.removeNetworkPolicy(namespace: "shop", name: "p")
        #expect(memberships.takeChanges().vanishedGroups.isEmpty)
        memberships.removeNetworkPolicy(namespace: "shop", name: "q")
        #expect(memberships.takeChanges().vanishedGroups == [Self.webOfShop.key])
    }

    @Test func anEditedPolicyTakesEffect() throws {
        var memberships = Memberships()
        memberships.set(try pod("a", at: "10.0.0.1"))
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        _ = memberships.takeChanges()
        let edited = policy(from: [.pods(namespaces: nil, pods: LabelSelector())])
        memberships.set(edited)
        let changes = memberships.takeChanges()
        let own = PodGroup(namespaces: .named("shop"))
        #expect(changes.policies == [edited.id: edited] && changes.liftedPolicies.isEmpty)
        #expect(changes.groups == [own.key: own] && changes.vanishedGroups == [Self.webOfShop.key])
        #expect(changes.members[own.key]?.count == 1)
    }

    @Test func aPolicyThatWasMadeAnewHasAnotherName() throws {
        var memberships = Memberships()
        memberships.set(policy(uid: "u1", from: []))
        _ = memberships.takeChanges()
        memberships.set(policy(uid: "u2", from: []))
        let changes = memberships.takeChanges()
        #expect(changes.liftedPolicies == ["kube.shop.p.u1"] && changes.policies.keys.first == "kube.shop.p.u2")
    }

    @Test func labelsOfPodsAndOfNamespacesCountAsTheyAre() throws {
        let team = PodGroup(namespaces: .labelled(LabelSelector(matchLabels: ["team": "x"])), pods: Self.web)
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: LabelSelector(matchLabels: ["team": "x"]), pods: Self.web)]))
        memberships.set(try pod("a", in: "lab", at: "10.0.0.1"))
        #expect(members(memberships, team) == [:])
        memberships.setNamespace("lab", labels: ["team": "x"])
        #expect(members(memberships, team) == ["10.0.0.1": "lab/a"])
        memberships.set(try pod("a", in: "lab", ["app": "db"], at: "10.0.0.1"))
        #expect(members(memberships, team) == [:])
        memberships.set(try pod("a", in: "lab", at: "10.0.0.1"))
        memberships.setNamespace("lab", labels: ["team": "y"])
        #expect(members(memberships, team) == [:])
        memberships.setNamespace("lab", labels: ["team": "x"])
        memberships.removeNamespace("lab")
        #expect(members(memberships, team) == [:])
    }

    @Test func aNamespaceHasItsNameAsALabel() throws {
        let byName = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "lab"])
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: byName, pods: nil)]))
        memberships.setNamespace("lab", labels: [:])
        memberships.setNamespace("impostor", labels: ["kubernetes.io/metadata.name": "lab"])
        memberships.set(try pod("a", in: "lab", at: "10.0.0.1"))
        memberships.set(try pod("b", in: "impostor", at: "10.0.0.2"))
        #expect(members(memberships, PodGroup(namespaces: .labelled(byName))) == ["10.0.0.1": "lab/a"])
    }

    @Test func aNamespaceThatIsNotKnownHasNoLabelsToLack() throws {
        let others = LabelSelector(matchExpressions: [LabelRequirement("team", .isNotIn, ["x"])])
        let group = PodGroup(namespaces: .labelled(others))
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: others, pods: nil)]))
        memberships.set(try pod("a", in: "lab", at: "10.0.0.1"))
        #expect(members(memberships, group) == [:])
        memberships.setNamespace("lab", labels: [:])
        #expect(members(memberships, group) == ["10.0.0.1": "lab/a"])
    }

    @Test func whatAPodSaysOfItselfIsKeptUpToDate() throws {
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        memberships.set(try pod("a", at: "10.0.0.1"))
        _ = memberships.takeChanges()
        memberships.set(try pod("a", at: "10.0.0.1", "fd00::1", ports: [.init("http", .tcp, 81)]))
        var changes = memberships.takeChanges()
        #expect(changes.members[Self.webOfShop.key]?.values.map(\.ports.count) == [1, 1])
        memberships.set(try pod("a", at: "fd00::1", ports: [.init("http", .tcp, 81)]))
        changes = memberships.takeChanges()
        #expect(changes.members.isEmpty)
        #expect(changes.formerMembers == [Self.webOfShop.key: [try IPAddress(parsing: "10.0.0.1")]])
        memberships.removePod(namespace: "shop", name: "a")
        #expect(memberships.takeChanges().formerMembers[Self.webOfShop.key]?.count == 1)
    }

    @Test func whatChangesAndChangesBackIsNotTold() throws {
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        memberships.set(try pod("a", at: "10.0.0.1"))
        _ = memberships.takeChanges()
        memberships.set(try pod("a", ["app": "db"], at: "10.0.0.1"))
        memberships.set(try pod("a", at: "10.0.0.1"))
        memberships.removeNetworkPolicy(namespace: "shop", name: "p")
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        #expect(memberships.takeChanges().isEmpty)
    }

    @Test(arguments: [true, false]) func anAddressIsThatOfWhoClaimedItLast(_ isToldToEnd: Bool) throws {
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        memberships.set(try pod("old", at: "10.0.0.1"))
        if isToldToEnd { memberships.set(try pod("old", at: "10.0.0.1", isEnding: true)) }
        memberships.set(try pod("new", at: "10.0.0.1"))
        #expect(members(memberships) == ["10.0.0.1": "shop/new"])
        memberships.set(try pod("old", ["app": "db"], at: "10.0.0.1", isEnding: true))
        #expect(members(memberships) == ["10.0.0.1": "shop/new"])
        memberships.removePod(namespace: "shop", name: "old")
        #expect(members(memberships) == ["10.0.0.1": "shop/new"])
    }

    @Test func anAddressOfAnotherNowDoesNotCarryTheOldOnesRights() throws {
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        memberships.set(try pod("old", at: "10.0.0.1"))
        memberships.set(try pod("new", ["app": "db"], at: "10.0.0.1"))
        #expect(members(memberships) == [:])
        // It claimed the address first, and is told to end only now.
        memberships.set(try pod("new", ["app": "db"], at: "10.0.0.1", isEnding: true))
        #expect(members(memberships) == ["10.0.0.1": "shop/old"])
    }

    @Test func aPodOfTheSameNameIsAnother() throws {
        var memberships = Memberships()
        memberships.set(policy(from: [.pods(namespaces: nil, pods: Self.web)]))
        memberships.set(try pod("a", uid: "1", at: "10.0.0.1"))
        memberships.set(try pod("b", at: "10.0.0.1"))
        memberships.set(try pod("a", uid: "2", at: "10.0.0.1"))
        #expect(members(memberships) == ["10.0.0.1": "shop/a"])
        memberships.removePod(namespace: "shop", name: "a")
        #expect(members(memberships) == ["10.0.0.1": "shop/b"])
    }

    @Test func romanasOwnPoliciesNameGroupsToo() throws {
        let policy = Policy(
            id: "own", targets: [PolicyEndpoint(tenant: "shop")],
            clauses: [
                PolicyClause(peers: [PolicyEndpoint(tenant: "lab", segment: "default")], rules: [PolicyRule(.any)])
            ])
        var memberships = Memberships()
        memberships.set(try pod("a", in: "lab", [:], at: "10.0.0.1"))
        memberships.set(try pod("b", in: "lab", ["romana.io/segment": "web"], at: "10.0.0.2"))
        memberships.set(policy)
        var changes = memberships.takeChanges()
        #expect(changes.policies.isEmpty && changes.groups.count == 1)
        #expect(changes.members.values.flatMap(\.values).map(\.pod) == ["lab/a"])
        memberships.replacePolicies(with: [])
        changes = memberships.takeChanges()
        #expect(changes.vanishedGroups.count == 1)
    }
}
