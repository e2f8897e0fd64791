import FoundationEssentials
import Policies
import Testing

@Suite struct NamespaceIsolationTests {
    private func isolation(_ text: String?) -> NamespaceIsolation {
        NamespaceIsolation(annotations: text.map { [NamespaceIsolation.annotation: $0] } ?? [:]) { text in
            try JSONDecoder().decode(NamespaceIsolation.self, from: Data(text.utf8))
        }
    }

    @Test(
        arguments: [
            (nil, .none), (#"{"ingress": {"isolation": "DefaultDeny"}}"#, .defaultDeny),
            (#"{"ingress": {"isolation": "DefaultAllow"}}"#, .none), (#"{"ingress": {}}"#, .none), ("{}", .none),
            (#"{"ingress": null}"#, .none), (#"{"ingress": {"isolation": null}}"#, .none), ("", .unreadable),
            ("DefaultDeny", .unreadable), (#"{"ingress": "DefaultDeny"}"#, .unreadable),
            (#"{"ingress": {"isolation": 1}}"#, .unreadable), ("[]", .unreadable),
        ] as [(String?, NamespaceIsolation)])
    func theAnnotationIsRead(_ text: String?, means: NamespaceIsolation) {
        #expect(isolation(text) == means)
    }

    @Test func aNamespaceOfDefaultDenyIsIsolatedInIngress() {
        var memberships = Memberships(honoursNamespaceIsolation: true)
        memberships.setNamespace("shop", labels: [:], isolation: .defaultDeny)
        let changes = memberships.takeChanges()
        #expect(changes.policies.keys.sorted() == ["kube.shop.isolation.annotation"])
        let statement = changes.policies.values.first.map(PolicyStatement.init)
        #expect(statement?.subjects == [.init(namespace: "shop")])
        #expect(statement?.ingress == [] && statement?.egress == nil)
    }

    @Test func whatCannotBeReadChangesNothing() {
        var memberships = Memberships(honoursNamespaceIsolation: true)
        memberships.setNamespace("shop", labels: [:], isolation: .unreadable)
        #expect(memberships.takeChanges().isEmpty)
        memberships.setNamespace("shop", labels: [:], isolation: .defaultDeny)
        _ = memberships.takeChanges()
        memberships.setNamespace("shop", labels: ["a": "b"], isolation: .unreadable)
        #expect(memberships.takeChanges().isEmpty)
        // Not even for the next listener.
        var next = Memberships(honoursNamespaceIsolation: true, found: memberships.content)
        next.replaceNamespaces(with: [(name: "shop", labels: [:], isolation: .unreadable)])
        #expect(next.takeChanges().isEmpty)
        next.setNamespace("shop", labels: [:], isolation: .none)
        #expect(next.takeChanges().liftedPolicies == ["kube.shop.isolation.annotation"])
    }

    @Test func itGoesWithItsNamespaceAndWithTheOption() {
        var memberships = Memberships(honoursNamespaceIsolation: true)
        memberships.setNamespace("shop", labels: [:], isolation: .defaultDeny)
        let found = memberships.content
        memberships.removeNamespace("shop")
        #expect(memberships.takeChanges().isEmpty)
        for honours in [true, false] {
            var next = Memberships(honoursNamespaceIsolation: honours, found: found)
            next.replaceNamespaces(
                with: honours ? [] : [(name: "shop", labels: [:], isolation: NamespaceIsolation.defaultDeny)])
            #expect(next.takeChanges().liftedPolicies == ["kube.shop.isolation.annotation"])
        }
    }
}
