import Addresses
import Policies
import Testing

@Suite struct PodGroupTests {
    private static let web = LabelSelector(matchLabels: ["app": "web", "tier": "a"])

    @Test(arguments: [
        (web, LabelSelector(matchLabels: ["tier": "a", "app": "web"])),
        (
            web,
            LabelSelector(
                matchLabels: ["tier": "a"], matchExpressions: [LabelRequirement("app", .isIn, ["web", "web"])])
        ),
        (
            LabelSelector(matchExpressions: [.init("a", .isNotIn, ["x", "y"]), .init("b", .exists)]),
            LabelSelector(matchExpressions: [
                .init("b", .exists), .init("a", .isNotIn, ["y", "x"]), .init("b", .exists),
            ])
        ),
    ])
    func groupsThatAskForTheSameAreOne(_ one: LabelSelector, _ other: LabelSelector) {
        let groups = [one, other].map { PodGroup(namespaces: .labelled($0), pods: $0) }
        #expect(groups[0].canonical == groups[1].canonical && groups[0].key == groups[1].key)
    }

    @Test func groupsThatAskForSomethingElseAreOthers() {
        let selectors = [
            LabelSelector(), Self.web, LabelSelector(matchLabels: ["app": "web"]),
            LabelSelector(matchLabels: ["app": "web, tier"]), LabelSelector(matchLabels: ["app\" In (\"web": "x"]),
            LabelSelector(matchExpressions: [.init("app", .isNotIn, ["web"])]),
            LabelSelector(matchExpressions: [.init("app", .isInOrMissing, ["web"])]),
            LabelSelector(matchExpressions: [.init("app", .exists)]),
            LabelSelector(matchExpressions: [.init("app", .doesNotExist)]),
            LabelSelector(matchExpressions: [.init("app", .isIn, ["a", "b"])]),
            LabelSelector(matchExpressions: [.init("app", .isIn, ["a\", \"b"])]),
        ]
        let namespaces = [NamespaceSelector.named("shop"), .named("{}")] + selectors.map(NamespaceSelector.labelled)
        let groups = namespaces.flatMap { place in selectors.map { PodGroup(namespaces: place, pods: $0) } }
        #expect(Set(groups.map(\.canonical)).count == groups.count)
        #expect(Set(groups.map(\.key)).count == groups.count)
    }

    @Test func theNameInEtcdStaysTheSame() {
        // Members are kept under it: with another name, agents of the last release would find a group empty.
        #expect(PodGroup.everyPod.canonical == "namespaces {} pods {}")
        #expect(PodGroup.everyPod.key == "3a3987f044ad28057bb7ed4565cbaeb3")
        let group = PodGroup(namespaces: .named("shop"), pods: Self.web)
        #expect(group.canonical == #"namespace "shop" pods {"app" In ("web"), "tier" In ("a")}"#)
    }

    @Test(arguments: [
        (PodGroup.everyPod, #"{"namespaceSelector":{},"podSelector":{}}"#),
        (
            PodGroup(namespaces: .named("shop"), pods: web),
            #"{"namespace":"shop","podSelector":{"matchLabels":{"app":"web","tier":"a"}}}"#
        ),
        (
            PodGroup(namespaces: .labelled(LabelSelector(matchExpressions: [.init("a", .isInOrMissing, ["b"])]))),
            #"{"namespaceSelector":{"matchExpressions":[{"key":"a","operator":"InOrMissing","values":["b"]}]},"podSelector":{}}"#
        ),
    ])
    func aGroupIsReadAndWritten(_ group: PodGroup, json: String) throws {
        #expect(try Documents.written(group) == json)
        #expect(try Documents.read(json) == group)
    }

    @Test(arguments: ["{}", #"{"namespace":"a","namespaceSelector":{}}"#, #"{"namespace":"a","pods":{}}"#])
    func whatIsNoGroupIsNotRead(_ json: String) {
        #expect(throws: DecodingError.self) { try Documents.read(json, as: PodGroup.self) }
    }

    @Test func aMemberIsReadAndWritten() throws {
        let member = GroupMember(
            address: try IPAddress(parsing: "10.1.2.3"), pod: "shop/web-0", ports: [.init("http", .tcp, 8080)])
        let json = #"{"address":"10.1.2.3","pod":"shop/web-0","ports":[{"name":"http","port":8080,"protocol":"TCP"}]}"#
        #expect(try Documents.written(member) == json)
        #expect(try Documents.read(json) == member)
        let bare: GroupMember = try Documents.read(#"{"address":"fd00::1","pod":"shop/web-0"}"#)
        #expect(bare.ports.isEmpty && bare.address.family == .ipv6)
    }
}
