import Addresses
import Policies
import Testing

/// Where the original was wrong about NetworkPolicies, each with what it did.
@Suite struct PolicyRegressionTests {
    private static let tenbucks = LabelSelector(matchLabels: ["free-range": "tenbucks"])

    @Test func aTargetByAForeignLabelIsNotWidenedToTheTenant() throws {
        let policy = NetworkPolicy(namespace: "tenant-a", name: "pol1", podSelector: Self.tenbucks, ingress: [.init()])
        #expect(PolicyStatement(policy).subjects == [.init(namespace: "tenant-a", pods: Self.tenbucks)])
    }

    @Test func aPeerByAForeignLabelIsNotWidenedToTheTenant() throws {
        let policy = NetworkPolicy(
            namespace: "tenant-a", name: "pol1",
            ingress: [.init(peers: [.pods(namespaces: nil, pods: Self.tenbucks)])])
        let group = PodGroup(namespaces: .named("tenant-a"), pods: Self.tenbucks)
        #expect(PolicyStatement(policy).ingress == [.init(peers: [.pods(group)])])
    }

    @Test func matchExpressionsAreNotIgnored() {
        let selector = LabelSelector(matchExpressions: [LabelRequirement("app", .isIn, ["db"])])
        let policy = NetworkPolicy(namespace: "tenant-a", name: "pol1", podSelector: selector)
        #expect(PolicyStatement(policy).subjects.map { $0.pods.matches(["app": "web"]) } == [false])
        #expect(PolicyStatement(policy).subjects.map { $0.pods.matches(["app": "db"]) } == [true])
    }

    @Test func aPolicyIsolatesInEveryNamespaceNotOnlyInAnnotatedOnes() {
        let policy = NetworkPolicy(namespace: "shop", name: "p", ingress: [])
        var memberships = Memberships(honoursNamespaceIsolation: true)
        memberships.setNamespace("shop", labels: [:], isolation: .none)
        memberships.set(policy)
        #expect(memberships.takeChanges().policies.values.map { PolicyStatement($0).ingress } == [[]])
    }

    @Test func anEmptyNamespaceSelectorMeansAllNamespacesNotTheOwn() {
        let policy = NetworkPolicy(
            namespace: "shop", name: "p", ingress: [.init(peers: [.pods(namespaces: LabelSelector(), pods: nil)])])
        #expect(PolicyStatement(policy).groups == [.everyPod])
    }

    @Test func aModifiedPolicyIsNotIgnored() throws {
        var memberships = Memberships()
        let policy = NetworkPolicy(namespace: "shop", name: "p", uid: "1", ingress: [.init()])
        memberships.set(policy)
        _ = memberships.takeChanges()
        var modified = policy
        modified.ingress = []
        memberships.set(modified)
        #expect(memberships.takeChanges().policies == [policy.id: modified])
        // Nor one that was modified while nobody watched: the ids are the same.
        var next = Memberships(found: Memberships.Content(policies: [policy.id: policy]))
        next.replaceNetworkPolicies(with: [modified])
        #expect(next.takeChanges().policies == [policy.id: modified])
    }

    @Test func aPolicyOfKubernetesThatIsGoneIsLiftedAndRomanasOwnAreLeftAlone() {
        let gone = NetworkPolicy(namespace: "shop", name: "p", uid: "1")
        var memberships = Memberships(found: Memberships.Content(policies: [gone.id: gone]))
        memberships.replaceNetworkPolicies(with: [])
        memberships.replacePolicies(with: [Policy(id: "own", targets: [], clauses: [])])
        #expect(memberships.takeChanges().liftedPolicies == [gone.id])
    }

    @Test func aPolicyThatDeniesAllDoesNotTakeTheOthersWithIt() throws {
        let deny = NetworkPolicy(namespace: "shop", name: "deny", uid: "1", ingress: [])
        let allow = NetworkPolicy(namespace: "shop", name: "allow", uid: "2", ingress: [.init()])
        var memberships = Memberships()
        memberships.set(deny)
        memberships.set(allow)
        let changes = memberships.takeChanges()
        #expect(changes.findings.isEmpty && changes.policies.count == 2)
        #expect(PolicyStatement(deny).ingress == [])
        #expect(PolicyStatement(allow).ingress == [.init()])
        for policy in [deny, allow] {
            #expect(
                try Documents.read(try Documents.written(StoredPolicy.kubernetes(policy)))
                    == StoredPolicy.kubernetes(policy))
        }
    }

    @Test func aPortByItsNameIsNotPortZero() throws {
        let statement = PolicyStatement(try Documents.policy(spec: #"{"ingress": [{"ports": [{"port": "http"}]}]}"#))
        #expect(statement.ingress == [.init(traffic: [.named(.tcp, "http")])])
    }

    @Test func aRuleOfSCTPIsARule() throws {
        let statement = PolicyStatement(
            try Documents.policy(spec: #"{"ingress": [{"ports": [{"protocol": "SCTP"}]}]}"#))
        #expect(statement.ingress == [.init(traffic: [.ports(.sctp, 0...65535)])])
    }
}
