import HTTPTransfer
import KubernetesAPI
import Testbed
import Testing

@Suite("what is said of nodes", .timeLimit(.minutes(1)))
struct NodeConditionTests {
    @Test("a condition is merged with those of other types, and says when it changed only if it did")
    func set() async throws {
        let api = try StubAPI([.answer(200, "{}"), .answer(200, "{}")])
        let client = try api.client()
        let condition = NodeCondition("NetworkUnavailable", status: "False", reason: "R", message: "m")
        try await client.setCondition(condition, ofNode: "node-1", isNews: true)
        try await client.setCondition(condition, ofNode: "node-1", isNews: false)
        #expect(api.requests == Array(repeating: "PATCH /api/v1/nodes/node-1/status", count: 2))
        #expect(
            api.headers("content-type")
                == Array(repeating: "application/strategic-merge-patch+json", count: 2))
        let bodies = api.bodies
        for part in [#""type":"NetworkUnavailable""#, #""status":"False""#, #""reason":"R""#, "lastHeartbeatTime"] {
            #expect(bodies.allSatisfy { $0.contains(part) }, "\(part)")
        }
        #expect(bodies.map { $0.contains("lastTransitionTime") } == [true, false])
    }

    @Test("a condition is taken back by its type")
    func remove() async throws {
        let api = try StubAPI([.answer(200, "{}")])
        try await api.client().removeCondition("NetworkUnavailable", ofNode: "node-1")
        let body = try #require(api.bodies.first)
        #expect(body.contains(#""$patch":"delete""#))
        #expect(body.contains(#""type":"NetworkUnavailable""#))
    }

    @Test("a service account is used where nothing else is said, and shown to nobody without a certificate")
    func serviceAccount() throws {
        let directory = try TemporaryDirectory("account")
        defer { directory.remove() }
        let folder = directory.path
        for name in ["token", "ca.crt"] { try TextFile.write("x", to: directory.file(name)) }
        let known = try KubernetesConfiguration(server: "https://10.0.0.1:6443").withServiceAccount(folder: folder)
        #expect(known.tokenFile == "\(folder)/token")
        #expect(known.tls.caFile == "\(folder)/ca.crt")
        let told = try KubernetesConfiguration(
            server: "https://10.0.0.1:6443", tls: HTTPTLS(caFile: "/ca"), tokenFile: "/t"
        ).withServiceAccount(folder: folder)
        #expect(told.tokenFile == "/t")
        #expect(told.tls.caFile == "/ca")
        let plain = try KubernetesConfiguration(server: "http://10.0.0.1:8080").withServiceAccount(folder: folder)
        #expect(plain.tokenFile == nil)
    }
}
