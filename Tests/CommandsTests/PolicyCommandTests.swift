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
}
