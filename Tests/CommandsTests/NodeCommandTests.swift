import CNIProtocol
import StubServer
import Testing

@Suite("Commands about nodes", .timeLimit(.minutes(1)))
struct NodeCommandTests {
    /// A daemon that knows two nodes, of which one has an agent behind the same port, and the other none.
    private static func cluster(isReady: Bool = true, alive: String? = nil) throws -> StubServer {
        let hosts = """
            {"hosts":[{"name":"node-1","ip":"127.0.0.1","addresses":["127.0.0.1"],"tags":{"zone":"a"},\
            "groups":{"n4":{"path":"rack-1","cidr":"10.112.0.0/14"}}},\
            {"name":"node-2","ip":"127.0.0.2","addresses":["127.0.0.2"],"tags":{},"groups":{}}]}
            """
        let state = String(decoding: StubAgent.state(node: "node-1", isReady: isReady).bytes, as: UTF8.self)
        var answers = ["GET /v1/hosts": hosts, "GET /v1/node": state]
        answers["GET /v1/alive"] =
            alive ?? #"{"alive":[{"name":"node-1","addresses":["127.0.0.1"],"version":"3.0.0"}]}"#
        return try StubDaemon.start(answers)
    }

    private static func port(_ server: StubServer) -> String { String(server.url.split(separator: ":").last ?? "") }

    @Test("whose agent answers is alive and ready or not; whose lease is gone is not alive")
    func list() async throws {
        let server = try Self.cluster()
        let run = await Invocation.run("node list --agent-port \(Self.port(server)) -f json", at: server.url)
        let nodes = try #require(try JSONValue(parsing: run.output).arrayValue)
        #expect(nodes.map { $0["name"] } == ["node-1", "node-2"])
        #expect(nodes.map { $0["alive"] } == [true, false])
        #expect(nodes.map { $0["ready"] } == [true, .null])
        #expect(nodes[1]["problem"]?.stringValue?.contains("its agent is gone") == true)
        #expect(run.status == 1)
        let table = await Invocation.run("node list --agent-port \(Self.port(server))", at: server.url)
        #expect(table.lines.first?.hasPrefix("Node    Addresses  Version  Alive  Ready  Pods  Blocks  Duties") == true)
    }

    @Test("an agent that holds its lease and does not answer is alive, and not known to be ready")
    func outOfReach() async throws {
        let server = try Self.cluster(alive: #"{"alive":[{"name":"node-2","addresses":[],"version":"2.9.0"}]}"#)
        let run = await Invocation.run("node list --agent-port \(Self.port(server)) -f json", at: server.url)
        let node = try #require(try JSONValue(parsing: run.output).arrayValue?.last)
        #expect(node["alive"] == true && node["version"] == "2.9.0" && node["ready"]?.isNull == true)
    }

    @Test("one node in full: why it is not ready, each check, its blocks and pods")
    func show() async throws {
        let server = try Self.cluster(isReady: false)
        let run = await Invocation.run("node show node-1 --agent-port \(Self.port(server))", at: server.url)
        #expect(run.status == 1)
        #expect(run.lines.first == "Node node-1 at 127.0.0.1")
        for words in [
            "no spare block", "zone=a", "n4: rack-1 (10.112.0.0/14)", "listener: own", "10.112.0.0/28", "web-1",
        ] {
            #expect(run.output.contains(words), "\(run.output)")
        }
        #expect(run.lines.contains { $0.hasPrefix("blocks  failed") }, "\(run.output)")
    }

    @Test("a node that is not there is told")
    func noNode() async throws {
        let server = try Self.cluster()
        let run = await Invocation.run("node show node-9 --agent-port \(Self.port(server))", at: server.url)
        #expect(run.status == 1 && run.errors == "romana: show node node-9: no such node\n")
    }

    @Test("a daemon that does not know of leases is no hindrance")
    func olderDaemon() async throws {
        let server = try StubDaemon.start(replacing: ["GET /v1/hosts": #"{"hosts":[]}"#])
        let run = await Invocation.run("node list", at: server.url)
        #expect(run.status == 0 && run.output == "There are no nodes.\n")
        #expect(run.errors.contains("whose agents live is not known"))
    }
}
