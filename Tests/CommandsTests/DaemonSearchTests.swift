import CNIProtocol
import StubServer
import Testing

@testable import Commands

@Suite("Finding a daemon", .timeLimit(.minutes(1)))
struct DaemonSearchTests {
    /// A port of this machine where nobody listens.
    static func deadURL() throws -> String {
        let server = try StubServer { _ in StubAnswer() }
        server.stop()
        return server.url
    }

    static func port(_ server: StubServer) -> String { String(server.url.split(separator: ":").last ?? "") }

    @Test("every way of naming a daemon, each one stronger than those after it")
    func order() async throws {
        let server = try StubServer { StubAnswer(200, #"[{"id":"\#($0.path)","cidr":"c","revision":1}]"#) }
        let file = try TemporaryFile("RootURL: \(server.url)/file\n")
        var environment = ["HOME": file.directory]
        let steps: [(variable: String, value: String, path: String)] = [
            ("HOME", file.directory, "/file/networks"), ("ROMANA_SERVICE_HOST", "127.0.0.1", "/networks"),
            ("ROOTURL", server.url + "/bare", "/bare/networks"),
            ("ROMANA_DAEMON_URL", server.url + "/daemon/", "/daemon/networks"),
            ("ROMANA_ROOTURL", server.url + "/root", "/root/networks"),
        ]
        environment["ROMANA_SERVICE_PORT_DAEMON"] = Self.port(server)
        for (variable, value, path) in steps {
            environment[variable] = value
            let run = await Invocation.run(["network", "list"], environment: environment)
            #expect(run.status == 0, "\(run.errors)")
            #expect(server.requests.last?.path == path)
        }
        _ = await Invocation.run(["network", "list", "-r", server.url + "/option"], environment: environment)
        #expect(server.requests.last?.path == "/option/networks")
    }

    @Test("a scheme may be left out, a list is tried in turn, and the one that answered is asked again")
    func several() async throws {
        let server = try StubDaemon.start()
        let list = "\(try Self.deadURL()),127.0.0.1:\(Self.port(server)),\(try Self.deadURL())"
        let run = await Invocation.run(["-v", "host", "show", "node-1", "-r", list])
        #expect(run.status == 0)
        #expect(server.requests.map(\.path) == ["/v1/hosts", "/v1/blocks"])
        #expect(run.errors.components(of: "ECONNREFUSED") == 1)
    }

    @Test("what changes something is not sent twice, unless it certainly has not arrived")
    func changes() async throws {
        let silent = try StubServer { (connection: StubConnection) in _ = connection.readRequest() }
        let server = try StubDaemon.start()
        let asked = await Invocation.run(["host", "list", "-r", "\(silent.url),\(server.url)"])
        #expect(asked.status == 0)
        let changed = await Invocation.run(["host", "remove", "node-1", "-r", "\(silent.url),\(server.url)"])
        #expect(changed.status == 2)
        #expect(changed.errors.contains("the connection ended before the answer did"))
        let refused = await Invocation.run(["host", "remove", "node-1", "-r", "\(try Self.deadURL()),\(server.url)"])
        #expect(refused.status == 0)
        #expect(server.requests.map(\.method) == ["GET", "DELETE"])
    }

    @Test("with no word of a daemon, the agent of the node knows where they are")
    func agent() async throws {
        let server = try StubDaemon.start()
        let agent = try StubAgent(
            StubAgent.state(node: "node-1").replacing("daemons", [.string(try Self.deadURL()), .string(server.url)]))
        let run = await Settings.$defaultRootURL.withValue(try Self.deadURL()) {
            await Invocation.run(["host", "list"], environment: ["ROMANA_AGENTSOCKET": agent.path])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.lines.first == "Host IP   Host Name")
    }

    @Test("if nobody answers, it says who was tried and why, with exit status 2")
    func nobody() async throws {
        let dead = [try Self.deadURL(), try Self.deadURL()]
        let named = await Invocation.run(["host", "list"], environment: ["ROMANA_DAEMON_URL": dead[0]])
        #expect(named.status == 2)
        let advice = "--rootURL, ROMANA_ROOTURL or RootURL in a settings file names a daemon"
        #expect(
            named.errors == "romana: GET \(dead[0])/hosts: connection refused (ECONNREFUSED); \(advice)\n")
        let list = await Invocation.run(["host", "list", "-r", dead.joined(separator: ",")])
        for url in dead { #expect(list.errors.contains("\(url)/hosts: connection refused (ECONNREFUSED)")) }
        let unnamed = await Settings.$defaultRootURL.withValue(dead[1]) {
            await Invocation.run(["host", "list"], environment: ["ROMANA_AGENTSOCKET": "/no/such.sock"])
        }
        #expect(unnamed.status == 2)
        #expect(
            unnamed.errors
                == "romana: GET \(dead[1])/hosts: connection refused (ECONNREFUSED); "
                + "ask the agent at /no/such.sock: no such file or directory (ENOENT); \(advice)\n")
        let agent = try StubAgent(StubAgent.state(node: "n").replacing("daemons", [.string(dead[0])]))
        let told = await Settings.$defaultRootURL.withValue(dead[1]) {
            await Invocation.run(["host", "list"], environment: ["ROMANA_AGENTSOCKET": agent.path])
        }
        #expect(told.errors.contains("the agent at \(agent.path) knows of \(dead[0])"))
    }

    @Test("a token and files of certificates come from options, variables and the settings file")
    func credentials() async throws {
        let server = try StubDaemon.start()
        let secret = try TemporaryFile("from-file\n")
        let settings = try TemporaryFile("RootURL: \(server.url)\nToken: settings\n")
        let cases: [(arguments: [String], environment: [String: String], token: String)] = [
            ([], [:], "settings"), ([], ["ROMANA_TOKENFILE": secret.path], "from-file"),
            ([], ["ROMANA_TOKEN": "variable", "ROMANA_TOKENFILE": "/no/such"], "variable"),
            (["--token-file", secret.path], ["ROMANA_TOKEN": "variable"], "from-file"),
            (["--token", "option"], ["ROMANA_TOKEN": "variable"], "option"),
        ]
        for (arguments, environment, token) in cases {
            let run = await Invocation.run(["host", "list", "-c", settings.path] + arguments, environment: environment)
            #expect(run.status == 0, "\(run.errors)")
            #expect(server.requests.last?[header: "authorization"] == "Bearer \(token)")
        }
        _ = await Invocation.run(["host", "list", "-r", server.url], environment: ["TOKEN": "of something else"])
        #expect(server.requests.last?[header: "authorization"] == nil)
        let missing = await Invocation.run(["host", "list", "--token-file", "/no/such", "-r", server.url])
        #expect(missing.status == 64)
        let key = await Invocation.run(["host", "list", "--key", "/key.pem", "-r", server.url])
        #expect(key.errors == "romana: --key goes with --cert, which names the certificate of the key\n")
        #expect(key.status == 64)
    }
}

extension String {
    /// How often a text stands in it.
    func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let index = rest.indices.first(where: { rest[$0...].hasPrefix(text) }) {
            count += 1
            rest = rest[index...].dropFirst(text.count)
        }
        return count
    }
}
