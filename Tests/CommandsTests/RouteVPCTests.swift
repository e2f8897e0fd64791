import CNIProtocol
import StubServer
import Testing

@Suite("Routes in a VPC as they are shown", .timeLimit(.minutes(1)))
struct RouteVPCTests {
    static let answer = """
        {"routes":[{"table":"rtb-1","prefix":"10.1.0.0/16","host":"node-2","interface":"eni-2","since":1795248844,\
        "reason":"node-1: it does not answer pings","purpose":"group zone-a of pods"}],"revision":9,\
        "status":{"holder":"node-3","since":1795248000,"vpc":"vpc-1","in_sync":true,\
        "findings":["rtb-1 has no room (limit 3) for 10.2.0.0/16"],\
        "tables":[{"id":"rtb-1","zones":["a"],"own":1,"foreign":2,"limit":3,"out":["10.2.0.0/16"]}],\
        "hosts":[{"name":"node-1","health":"down","since":1795248844,"reason":"it does not answer pings"}]}}
        """

    @Test("where they lead, since when and why, and what somebody should know of")
    func shown() async throws {
        let server = try StubDaemon.start(["GET /v1/vpc": Self.answer])
        let run = await Invocation.run("route vpc", at: server.url)
        #expect(run.status == 0)
        for words in [
            "10.1.0.0/16", "rtb-1", "node-2", "2026-11-21 08:14:04", "node-1: it does not answer pings", "10.2.0.0/16",
            "down",
        ] { #expect(run.output.contains(words), "\(run.output)") }
        #expect(run.errors.contains("no room (limit 3)") && run.errors.contains("Kept by node-3"))
        let json = await Invocation.run("route vpc -f json", at: server.url)
        #expect(try JSONValue(parsing: json.output)["routes"]?.arrayValue?.count == 1)
    }

    @Test("where nobody keeps any, that is said")
    func none() async throws {
        let server = try StubDaemon.start(["GET /v1/vpc": #"{"routes":[],"revision":9}"#])
        let run = await Invocation.run("route vpc", at: server.url)
        #expect(run.status == 0 && run.lines == ["There are no routes in a VPC."])
    }
}
