import CNIProtocol
import Testing

@Suite("policy test")
struct PolicyTestTests {
    private func run(_ expectations: String, _ arguments: String...) async throws -> Invocation {
        let manifests = try TemporaryFile(PolicyManifest.shop, name: "shop.yaml")
        return await Invocation.run(["policy", "test", manifests.path, "-"] + arguments, input: expectations)
    }

    @Test("what is as expected is counted")
    func holds() async throws {
        let run = try await run(
            """
            expect:
            - {from: shop/web, to: shop/db, port: 5432, allowed: true}
            - {from: shop/web, to: shop/db, port: [80, udp/5432], allowed: false}
            - {from: shop/web, to: shop/db, port: 5432, family: IPv6, allowed: true}
            - {from: [default/client, 192.0.2.200, 198.51.100.1], to: shop/db, port: 5432, allowed: false}
            - {from: 192.0.2.1, to: 10.0.0.2, port: tcp/5432, allowed: true}
            - {from: "node:n2", to: shop/db, protocol: icmp, allowed: true}
            - {from: "node:n1", to: shop/db, protocol: UDP, port: 53, allowed: false}
            - {from: "shop/*", to: [198.51.100.1, default/client], port: 25, allowed: false}
            - {from: "*/*", to: "*/web", port: 8080, allowed: true}
            """)
        #expect(run.lines == ["16 of 16 expectations hold."])
        #expect(run.errors.isEmpty)
        #expect(run.status == 0)
    }

    @Test("what differs is shown with its reason")
    func differs() async throws {
        let expectations = """
            expect:
            - {from: default/client, to: shop/db, port: 5432, allowed: true}
            - {from: shop/web, to: shop/db, port: 5432, allowed: true}
            - {from: shop/web, to: 192.0.2.1, port: 25, allowed: true}
            """
        let run = try await run(expectations)
        #expect(
            run.lines == [
                "From            To         Traffic   Family  Expected  Verdict  Reason",
                "default/client  shop/db    TCP 5432  ipv4    allowed   denied   egress not isolated; ingress isolated by "
                    + "NetworkPolicy shop/db, which does not allow it",
                "shop/web        192.0.2.1  TCP 25    ipv4    allowed   denied   egress forbidden by Romana policy no-mail "
                    + "rule 0; ingress not policed", "", "1 of 3 expectations hold.",
            ])
        #expect(run.status == 1)
        #expect(try await self.run(expectations, "-v").lines.count == 6)
        let json = try JSONValue(parsing: try await self.run(expectations, "-f", "json").output).arrayValue
        #expect(json?.count == 3)
        #expect(json?[1]["holds"] == true)
        #expect(json?[1]["reason"] == "egress not isolated; ingress by NetworkPolicy shop/db rule 0")
    }

    @Test(
        "expectations that make no sense are told with their place",
        arguments: [
            ("expect: 1", "expect: a list is due"), ("expect: [1]", "expect[0]: an object is due, not a number"),
            ("expect: [{to: a/b, port: 1, allowed: true}]", "expect[0]: from: a text or a list of texts is due"),
            ("expect: [{from: a/b, to: a/b, port: 1}]", "expect[0]: allowed: true or false is due"),
            (
                "expect: [{from: a/b, to: a/b, allowed: true}]",
                "expect[0]: port: a number, or a text such as tcp/80, is due"
            ),
            (
                "expect: [{from: a/b, to: a/b, port: 99999, allowed: true}]",
                "expect[0]: tcp/99999 is not a protocol with a port, such as tcp/80"
            ),
            ("expect: [{form: a}]", "expect[0]: form is none of from, to, protocol, port, family, allowed"),
            ("expect: [{from: x/y, to: shop/db, port: 1, allowed: true}]", "expect[0]: there is no pod x/y"),
            (
                "expect: [{from: default/done, to: shop/db, port: 1, allowed: true}]",
                "expect[0]: there is no pod default/done"
            ),
            ("expect: [{from: \"x/*\", to: shop/db, port: 1, allowed: true}]", "expect[0]: there is no pod x/*"),
            ("expect: [{from: web, to: shop/db, port: 1, allowed: true}]", "expect[0]: web is neither NAMESPACE/POD"),
            (
                "expect: [{from: 10.0.0.1, to: \"fd00::1\", port: 1, allowed: true}]",
                "expect[0]: 10.0.0.1 and fd00::1 have no addresses of one family"
            ),
            ("# nothing", "nothing is expected"), ("a: b", "a document is neither an object of Kubernetes"),
            ("a: &b c", "line 1: anchors"), ("kind: Pod", "a Pod has no metadata.name"),
            (
                "---\n{kind: NetworkPolicy, metadata: {name: x}, spec: {podSelector: {}, ingress: [{ports: [{port: 1, endPort: 0}]}]}}",
                "NetworkPolicy default/x: spec.ingress[0].ports[0].endPort: 0 is not a port"
            ),
            ("---\n{id: r, direction: ingress, applied_to: []}", "policy r: applied_to: it is empty"),
            ("---\n{id: r, direction: up, applied_to: []}", "policy r: direction: "),
        ])
    func nonsense(input: String, sentence: String) async throws {
        let run = try await run(input)
        #expect(run.errors.contains(sentence), "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(run.status == 64)
    }

    @Test("a file that is not there is a mistake of the command line")
    func noFile() async {
        let run = await Invocation.run(["policy", "test", "/no/such.yaml"])
        #expect(run.status == 64)
        #expect(run.errors.contains("/no/such.yaml"))
    }
}
