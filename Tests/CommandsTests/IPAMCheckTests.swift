import CNIProtocol
import StubServer
import Synchronization
import Testing

@testable import Commands

@Suite("romana ipam check", .timeLimit(.minutes(1)))
struct IPAMCheckTests {
    /// Where the first host's agent serves `GET /v1/node`, and the socket of the second's.
    struct Agents {
        let first: StubServer
        let second: StubAgent

        init(_ cluster: IPAMCluster, daemons: [String] = []) throws {
            let state = cluster.state("n1", daemons: daemons)
            first = try StubServer { StubAnswer($0.path == "/v1/node" ? 200 : 404, state.text) }
            second = try StubAgent(cluster.state("n2"))
        }

        /// The options that name them.
        var options: [String] {
            [
                "--agent-port", String(first.url.split(separator: ":").last ?? ""), "--agent-socket", second.path,
                "--settle", "0.1",
            ]
        }
    }

    /// A cluster whose first host is this machine.
    static func cluster() -> IPAMCluster {
        var cluster = IPAMCluster()
        cluster.hosts[0].ip = "127.0.0.1"
        return cluster
    }

    static func run(_ server: StubServer, _ agents: Agents, _ more: [String] = []) async -> Invocation {
        await Invocation.run(
            ["ipam", "check", "-r", server.url] + agents.options + more,
            environment: ["ROMANA_AGENTSOCKET": "/no/such.sock"])
    }

    @Test("a cluster that agrees is told in one sentence, with exit status 0")
    func agrees() async throws {
        let cluster = Self.cluster()
        let agents = try Agents(cluster)
        let server = try StubDaemon.start(cluster.answers)
        let run = await Self.run(server, agents)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.lines == [
                "Checked 2 blocks of 2 hosts and 3 addresses of pods, with 2 of 2 agents and 1 daemon: "
                    + "nothing is wrong."
            ])
    }

    @Test("what is wrong is a table with the worst first, and exit status 1")
    func disagrees() async throws {
        var cluster = Self.cluster()
        cluster.blocks[1].allocated = 4
        cluster.nodes["n1"]?.blocks.append(("10.112.0.8/29", 0))
        let agents = try Agents(cluster)
        let server = try StubDaemon.start(cluster.answers)
        let run = await Self.run(server, agents)
        #expect(run.status == 1)
        #expect(
            run.lines == [
                "Kind      Subject        Host  Details",
                "conflict  10.112.0.8/29  n1    the host's agent uses it, and it is granted to host n2",
                "leak      10.112.0.8/29  n2    the cluster counts 4 addresses in use, the host's agent 1", "",
                "Checked 2 blocks of 2 hosts and 3 addresses of pods, with 2 of 2 agents and 1 daemon: "
                    + "1 conflict, 1 leak.",
            ])
        let json = try JSONValue(parsing: await Self.run(server, agents, ["-f", "json"]).output)
        #expect(json["findings"]?.arrayValue?.count == 2)
        #expect(json["findings"]?.arrayValue?.first?["kind"] == "conflict")
        #expect(json["checked"]?["agents"] == 2)
        #expect(json["unreached"] == [])
    }

    @Test("what is only on its way is not told: it must be the same at a second look")
    func settles() async throws {
        var cluster = Self.cluster()
        let agents = try Agents(cluster)
        let good = cluster.answers
        cluster.blocks[0].allocated = 1
        let early = cluster.answers
        let looks = Mutex(0)
        let server = try StubServer { request in
            // The first look sees a count that is behind.
            let look = looks.withLock { looks in
                if request.path == "/v1/hosts" { looks += 1 }
                return looks
            }
            return StubAnswer(200, (look == 1 ? early : good)["GET \(request.path)"] ?? "null")
        }
        let run = await Self.run(server, agents)
        #expect(run.status == 0)
        #expect(looks.withLock { $0 } == 2)
        looks.withLock { $0 = 0 }
        #expect(await Self.run(server, agents, ["--settle", "0"]).status == 1)
    }

    @Test("an agent that does not answer leaves its host unchecked, and is told")
    func unreached() async throws {
        var cluster = Self.cluster()
        // Its block counts wrongly, which only the agent could tell.
        cluster.blocks[0].allocated = 7
        let agents = try Agents(cluster)
        agents.first.stop()
        let server = try StubDaemon.start(cluster.answers)
        let run = await Self.run(server, agents)
        #expect(run.status == 0)
        #expect(run.output.contains("with 1 of 2 agents"))
        #expect(
            run.errors
                == "romana: host n1 is not checked: ask the agent at \(agents.first.url): "
                + "connection refused (ECONNREFUSED)\n")
    }

    @Test("of many agents that do not answer only some are told by name")
    func manyUnreached() async throws {
        var cluster = Self.cluster()
        cluster.hosts = (1...9).map { ("n\($0)", "127.0.0.1", []) }
        cluster.hosts[1...].enumerated().forEach { cluster.hosts[$0.offset + 1].ip = "127.0.1.\($0.offset + 1)" }
        cluster.blocks = []
        let agents = try Agents(cluster)
        agents.first.stop()
        let server = try StubDaemon.start(cluster.answers)
        let run = await Self.run(server, agents)
        let lines = run.errors.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines.last == "romana: 3 more hosts are not checked, as their agents do not answer")
    }

    @Test("daemons that agents know of are compared as well")
    func daemons() async throws {
        var cluster = Self.cluster()
        let server = try StubDaemon.start(cluster.answers)
        cluster.blocks[1].host = "n1"
        let behind = try StubDaemon.start(cluster.answers)
        let agents = try Agents(Self.cluster(), daemons: [server.url, behind.url])
        let run = await Self.run(server, agents)
        #expect(run.status == 1)
        #expect(run.output.contains("and 2 daemons: 1 difference."))
        let details =
            "the first daemon says 1 addresses of host n2, the daemon at \(behind.url) says 1 addresses of host n1"
        #expect(run.lines[1] == "difference  10.112.0.8/29  n2    \(details)")
    }

    @Test("a daemon that only agents know of is shown no token")
    func hearsay() async throws {
        let cluster = Self.cluster()
        let (server, other) = (try StubDaemon.start(cluster.answers), try StubDaemon.start(cluster.answers))
        let agents = try Agents(cluster, daemons: [server.url, other.url])
        let run = await Self.run(server, agents, ["--token", "secret"])
        #expect(run.status == 0)
        #expect(server.requests.allSatisfy { $0[header: "authorization"] == "Bearer secret" })
        #expect(other.requests.count == 1)
        for asked in [other, agents.first] {
            #expect(asked.requests.allSatisfy { $0[header: "authorization"] == nil })
        }
    }

    @Test("all agents of a cluster are asked with -A")
    func allNodes() async throws {
        var cluster = Self.cluster()
        cluster.hosts[1].ip = "127.0.0.2"
        let agents = try Agents(cluster)
        let server = try StubDaemon.start(["GET /v1/hosts": cluster.hostsAnswer.text])
        let port = agents.options[1]
        let run = await Invocation.run(["pod", "list", "-A", "--agent-port", port, "-r", server.url])
        #expect(run.lines.map { $0.prefix(14) } == ["Node  Namespac", "n1    shop    ", "n1    shop    "])
        #expect(run.errors.contains("ask the agent at http://127.0.0.2:\(port)"))
        #expect(run.status == 1)
        let both = await Invocation.run(["pod", "list", "-A", "--agent-socket", "/x", "-r", server.url])
        #expect(both.status == 64)
    }
}
