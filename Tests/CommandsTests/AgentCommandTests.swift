import CNIProtocol
import Testing

@Suite("Commands that ask agents", .timeLimit(.minutes(1)))
struct AgentCommandTests {
    @Test("pods of several nodes are one table, in the order of the sockets")
    func pods() async throws {
        let one = try StubAgent(StubAgent.state(node: "node-1"))
        let two = try StubAgent(StubAgent.state(node: "node-2", address: "10.112.16.1"))
        let run = await Invocation.run(["pod", "list", "--agent-socket", one.path, "--agent-socket", two.path])
        #expect(
            run.lines.map(Self.words) == [
                ["Node", "Namespace", "Pod", "Addresses", "Ingress", "Egress", "Drops", "Since"]
                    + ["Block", "Interface", "Link", "Container"],
                ["node-1", "shop", "web-1", "10.112.0.1, fd00::1", "shop/web", "open", "7", "2026-11-21 08:14:04"]
                    + ["10.112.0.0/28, fd00::/64", "eth0", "rom0123456789ab", "0123456789ab"],
                ["node-2", "shop", "web-1", "10.112.16.1, fd00::1", "shop/web", "open", "7", "2026-11-21 08:14:04"]
                    + ["10.112.0.0/28, fd00::/64", "eth0", "rom0123456789ab", "0123456789ab"],
            ])
        #expect(run.status == 0)
    }

    /// The cells of a line: columns are two blanks apart.
    private static func words(_ line: String) -> [String] {
        line.replacing(/\ {2,}/, with: "|").split(separator: "|").map(String.init)
    }

    @Test("one pod in full, by its name, an address or its container", arguments: ["shop/web-1", "fd00::1", "012345"])
    func pod(name: String) async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(["pod", "show", name, "--agent-socket", agent.path])
        #expect(run.status == 0)
        #expect(run.lines.first == "Pod shop/web-1 on node node-1")
        let rows = run.lines.map(Self.words)
        for row in [
            ["Since", "2026-11-21 08:14:04 UTC"], ["Ingress", "shop/web"], ["Ingress chain", "in-0a"],
            ["Ingress drops", "7"], ["Egress", "open"],
        ] {
            #expect(rows.contains(row), "\(run.output)")
        }
    }

    @Test("a pod that is nowhere is told, and where was looked")
    func noPod() async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(["pod", "show", "shop/gone", "--agent-socket", agent.path])
        #expect(run.status == 1)
        #expect(run.errors == "romana: show pod shop/gone: this node does not have it; -A asks all\n")
    }

    @Test("routes show how they fare")
    func routes() async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(["route", "list", "--agent-socket", agent.path])
        #expect(
            run.lines == [
                "Node    Prefix         Via       Host   State", "node-1  10.112.4.0/22  10.0.0.2  other  installed",
                "node-1  10.112.8.0/22  10.9.0.3  far    left to the fabric",
            ])
        let json = await Invocation.run(["route", "list", "-f", "json", "--agent-socket", agent.path])
        #expect(try JSONValue(parsing: json.output).arrayValue?.first?["node"] == "node-1")
    }

    @Test("the state of agents; one that is not ready sets the exit status")
    func status() async throws {
        let ready = try StubAgent(StubAgent.state(node: "node-1"))
        let waiting = try StubAgent(StubAgent.state(node: "node-2", isReady: false))
        let good = await Invocation.run(["agent", "status", "--agent-socket", ready.path])
        #expect(
            good.lines == [
                "Node    Version  Ready  Pods  Blocks               Addresses  Routes  Connected",
                "node-1  3.0.0    yes       1       2  1/18446744073709551615       2  all",
            ])
        #expect(good.status == 0)
        let both = await Invocation.run(
            ["agent", "status", "-v", "--agent-socket", ready.path, "--agent-socket", waiting.path])
        #expect(both.status == 1)
        #expect(both.output.contains("not daemon"))
        #expect(both.output.contains("no spare block"))
        #expect(both.output.contains("10.112.0.0/28"))
    }

    @Test("an agent that does not answer does not hide the others")
    func partly() async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(["pod", "list", "--agent-socket", agent.path, "--agent-socket", "/no/such.sock"])
        #expect(run.lines.count == 2)
        #expect(run.errors == "romana: ask the agent at /no/such.sock: no such file or directory (ENOENT)\n")
        #expect(run.status == 1)
    }

    @Test(
        "agents that answer nonsense are told as such",
        arguments: [
            (Array("HTTP/1.1 400".utf8), "something other than agent frames", 1),
            ([], "connection reset by peer (ECONNRESET)", 2),
            (AgentResponse.success(Array("junk".utf8)).frame.bytes, "the answer is not JSON", 1),
            (AgentResponse.failure(CNIError(.unavailable, "starting")).frame.bytes, "starting", 1),
        ] as [([UInt8], String, Int32)])
    func nonsense(bytes: [UInt8], words: String, status: Int32) async throws {
        let agent = try StubAgent(answering: bytes)
        let run = await Invocation.run(["pod", "list", "--agent-socket", agent.path])
        #expect(run.status == status)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.errors.contains(agent.path))
    }

    @Test("if none answers, each one's reason is told, with exit status 2")
    func none() async {
        let run = await Invocation.run(["pod", "list", "--agent-socket", "/no/a.sock", "--agent-socket", "/no/b.sock"])
        #expect(
            run.errors == """
                romana: none of 2 agents answered: 2 reasons:
                  ask the agent at /no/a.sock: no such file or directory (ENOENT)
                  ask the agent at /no/b.sock: no such file or directory (ENOENT)

                """)
        #expect(run.status == 2)
    }

    @Test("the socket may come from the settings")
    func setting() async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(["pod", "list"], environment: ["ROMANA_AGENTSOCKET": agent.path])
        #expect(run.lines.count == 2)
    }
}
