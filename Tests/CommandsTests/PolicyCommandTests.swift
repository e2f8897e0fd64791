import CNIProtocol
import StubServer
import Testing

@Suite("Commands about policies", .timeLimit(.minutes(1)))
struct PolicyCommandTests {
    static let list = #"[{"id":"a","direction":"ingress"},{"id":"b","direction":"egress"},{"id":"c"}]"#

    /// A daemon that refuses policy b.
    static func daemon() throws -> StubServer {
        try StubServer { request in
            request.text.contains(#""b""#)
                ? StubAnswer(400, #"{"status_code":400,"details":"add policy b: ingress: it is empty"}"#)
                : StubAnswer(200, "null")
        }
    }

    @Test("each policy of a list is sent by itself, and one that is refused does not stop the others")
    func add() async throws {
        let server = try Self.daemon()
        let run = await Invocation.run(["policy", "add", "-r", server.url], input: Self.list)
        #expect(
            run.lines == [
                "Id  Direction  Successful Applied?", "a   ingress    true", "b   egress     false",
                "c              true",
            ])
        #expect(run.errors == "romana: add policy b: ingress: it is empty (status 400)\n")
        #expect(run.status == 1)
        #expect(server.requests.map(\.method) == ["POST", "POST", "POST"])
        #expect(server.requests.first?.text == #"{"id":"a","direction":"ingress"}"#)
    }

    @Test("a single policy needs no list, and may be YAML")
    func single() async throws {
        let server = try Self.daemon()
        let file = try TemporaryFile("id: a\ndirection: ingress\napplied_to:\n- tenant_id: shop\n", name: "p.yaml")
        let run = await Invocation.run(["policy", "add", file.path, "-r", server.url, "-f", "json"])
        #expect(run.status == 0)
        let results = try JSONValue(parsing: run.output)
        #expect(results == [["id": "a", "direction": "ingress", "applied": true, "problem": .null]])
        #expect(
            server.requests.last?.text == #"{"id":"a","direction":"ingress","applied_to":[{"tenant_id":"shop"}]}"#)
    }

    @Test("policies are removed by id, and ids are quoted in paths")
    func remove() async throws {
        let server = try StubServer { _ in StubAnswer(200, "null") }
        let run = await Invocation.run("policy remove kube.default.a web%", at: server.url)
        #expect(run.lines == ["Policy kube.default.a is removed.", "Policy web% is removed."])
        #expect(server.requests.map(\.path) == ["/policies/kube.default.a", "/policies/web%25"])
    }

    @Test("a daemon that cannot be reached is no refusal")
    func unreachable() async throws {
        let server = try Self.daemon()
        server.stop()
        let run = await Invocation.run(["policy", "add", "-r", server.url], input: Self.list)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
    }

    /// Two policies as a daemon shows them, one of which Romana's own words cannot say.
    static let kubernetes =
        #"""
        [{"id": "kube.shop.db.1", "direction": "ingress", "applied_to": [{"tenant_id": "shop"}], "ingress": [],
          "untranslated": [{"field": "spec.podSelector", "problem": "pods by other labels"}],
          "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
          "metadata": {"namespace": "shop", "name": "db", "uid": "1"},
          "spec": {"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress", "Egress"],
                   "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}},
                                         {"namespaceSelector": {"matchExpressions":
                                           [{"key": "team", "operator": "NotIn", "values": ["x", "y"]}]}},
                                         {"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "b"}}},
                                         {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
                                "ports": [{"port": 5432}, {"port": "http"}, {"protocol": "UDP", "port": 1, "endPort": 9}]},
                               {"ports": [{"protocol": "SCTP"}]}]}},
         {"id": "web", "direction": "ingress", "applied_to": [{"tenant_id": "shop"}],
          "ingress": [{"peers": [{"peer": "any"}], "rules": [{"protocol": "any"}]}]}]
        """#

    @Test("policies of Kubernetes are listed with Romana's own")
    func listsBoth() async throws {
        let server = try StubServer { _ in StubAnswer(200, Self.kubernetes) }
        let run = await Invocation.run("policy list", at: server.url)
        #expect(
            run.lines == [
                "Policy Id       Direction        Applied to  No of Peers  No of Rules  Description",
                "kube.shop.db.1  ingress, egress           1            5            4  NetworkPolicy shop/db",
                "web             ingress                   1            1            1  ",
            ])
    }

    @Test("a policy of Kubernetes is shown in full, by its id or its name", arguments: ["kube.shop.db.1", "shop/db"])
    func showsKubernetes(name: String) async throws {
        let server = try StubServer { _ in StubAnswer(200, Self.kubernetes) }
        let run = await Invocation.run("policy show \(name)", at: server.url)
        #expect(
            run.lines == [
                "Policy kube.shop.db.1", "  Description  NetworkPolicy shop/db", "  Direction    ingress, egress",
                "  Applied to   pods (app=db) of shop",
                "  From         pods (app=web) of shop; pods of namespaces (team notin (x, y)); "
                    + "pods (a=b) of all namespaces; 10.0.0.0/8 except 10.1.0.0/16",
                "    Rules      tcp 5432; tcp http; udp 1-9", "  From         any", "    Rules      sctp",
                "  To           none",
            ])
    }

    @Test("a policy of Kubernetes is for kubectl to add")
    func addsNoKubernetes() async throws {
        let server = try Self.daemon()
        let manifest = "kind: NetworkPolicy\nmetadata:\n  name: db\n"
        let run = await Invocation.run(["policy", "add", "-r", server.url], input: manifest)
        #expect(run.status == 1)
        #expect(run.errors == "romana: add policy db: it is one of Kubernetes', which kubectl apply adds\n")
        #expect(server.requests.isEmpty)
    }
}
