import LinuxSystem
import StubServer
import Synchronization
import Testing

@Suite("Watching", .timeLimit(.minutes(1)))
struct WatchTests {
    /// A daemon whose list of networks follows a script, the last answer standing for all later ones.
    static func daemon(_ answers: [StubAnswer]) throws -> StubServer {
        let count = Mutex(0)
        return try StubServer { _ in
            let index = count.withLock { count in
                defer { count += 1 }
                return min(count, answers.count - 1)
            }
            return answers[index]
        }
    }

    static func networks(_ names: String...) -> StubAnswer {
        let list = names.map { #"{"id":"\#($0)","cidr":"10.0.0.0/8","revision":1}"# }.joined(separator: ",")
        return StubAnswer(200, "[\(list)]")
    }

    /// Watches until the daemon has been asked so often.
    static func watch(
        _ server: StubServer, requests: Int, _ more: [String] = [], width: Int? = nil, rows: Int = 24
    ) async -> Invocation {
        await Invocation.run(
            ["network", "list", "-w", "--interval", "0.1", "-r", server.url] + more, width: width, rows: rows
        ) { _ in
            while server.requests.count < requests, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(10)) }
            // What the last answer leads to is printed within this time, or it comes too late to count.
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test("what it shows is shown again only when it has changed, and it ends with 0 when told to")
    func changes() async throws {
        let server = try Self.daemon(
            [Self.networks("a"), Self.networks("a"), Self.networks("a", "b"), Self.networks("a")])
        let run = await Self.watch(server, requests: 6)
        #expect(run.status == 0)
        let head = "Network Name  Network CIDR  Revision\n"
        let (a, b) = ("a             10.0.0.0/8           1\n", "b             10.0.0.0/8           1\n")
        #expect(run.output == head + a + "\n" + head + a + b + "\n" + head + a)
    }

    @Test("on a terminal each picture is drawn over the one before, and none is taller than the screen")
    func terminal() async throws {
        let server = try Self.daemon([Self.networks("a"), Self.networks("a", "b", "c", "d")])
        let run = await Self.watch(server, requests: 3, width: 80, rows: 4)
        let clear = "\u{1B}[K\n"
        #expect(
            run.output == "\u{1B}[2J\u{1B}[HNetwork Name  Network CIDR  Revision\(clear)"
                + "a             10.0.0.0/8           1\(clear)\u{1B}[J"
                + "\u{1B}[HNetwork Name  Network CIDR  Revision\(clear)"
                + "a             10.0.0.0/8           1\(clear)… 3 more lines\(clear)\u{1B}[J")
    }

    @Test("documents follow each other so that a program can read them", arguments: [("json", 2), ("yaml", 1)])
    func documents(format: String, brackets: Int) async throws {
        let server = try Self.daemon([Self.networks("a"), Self.networks("b")])
        let run = await Self.watch(server, requests: 3, ["-f", format])
        #expect(run.output.components(of: format == "json" ? "\n]\n" : "---\n") == brackets)
    }

    @Test("a failure while it watches is told once, and the watch goes on")
    func failure() async throws {
        let bad = StubAnswer(503, #"{"details":"etcd is away"}"#)
        let server = try Self.daemon([Self.networks("a"), bad, bad, Self.networks("a"), bad])
        let run = await Self.watch(server, requests: 6)
        #expect(run.status == 0)
        #expect(run.errors == "romana: etcd is away (status 503)\nromana: etcd is away (status 503)\n")
        #expect(run.output.components(of: "Network Name") == 2)
    }

    @Test("what is told besides is told once")
    func notes() async throws {
        let agent = try StubAgent(StubAgent.state(node: "node-1"))
        let run = await Invocation.run(
            ["pod", "list", "-w", "--interval", "0.1", "--agent-socket", agent.path, "--agent-socket", "/no/such.sock"]
        ) { output in
            while output().isEmpty, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(10)) }
            // Time for more looks; that there is none would only let this pass.
            try? await Task.sleep(for: .milliseconds(500))
        }
        #expect(run.status == 0)
        #expect(run.errors == "romana: ask the agent at /no/such.sock: no such file or directory (ENOENT)\n")
        #expect(run.output.components(of: "web-1") == 1)
    }

    @Test("one that fails at the first look is an error as without --watch")
    func firstLook() async throws {
        let server = try Self.daemon([StubAnswer(503, #"{"details":"etcd is away"}"#)])
        let run = await Self.watch(server, requests: 1000)
        #expect(run.status == 1)
        #expect(run.errors == "romana: etcd is away (status 503)\n")
    }

    @Test("it ends at once, though a daemon or an agent has not answered yet", arguments: ["network list", "pod list"])
    func busy(line: String) async throws {
        let mute = try StubServer { (connection: StubConnection) in connection.waitForClose() }
        let path = "/tmp/romana-mute-\(UInt64.random(in: 0...(.max))).sock"
        let agent = try StubServer(unixSocket: path) { (connection: StubConnection) in connection.waitForClose() }
        let told = Mutex(ContinuousClock.now)
        let run = await Invocation.run(
            line.split(separator: " ").map(String.init) + ["-w", "-r", mute.url],
            environment: ["ROMANA_AGENTSOCKET": path]
        ) { _ in
            while mute.connectionCount + agent.connectionCount == 0, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(10))
            }
            told.withLock { $0 = .now }
        }
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        // Agents may take 10 seconds and daemons 15.
        #expect(ContinuousClock.now - told.withLock { $0 } < .seconds(9))
    }

    @Test("a closed pipe ends it without a word", arguments: [Errno.EPIPE, .ENOSPC])
    func closedPipe(errno: Errno) async throws {
        let server = try Self.daemon([Self.networks("a")])
        for more in [[], ["-w"]] {
            let run = await Invocation.run(["network", "list", "-r", server.url] + more, writing: errno)
            #expect(run.status == (errno == .EPIPE ? 0 : 1))
            let sentence = "romana: write to standard output: no space left on device (ENOSPC)\n"
            #expect(run.errors == (errno == .EPIPE ? "" : sentence))
        }
    }

    @Test("the interval has bounds", arguments: ["0", "-1", "0.01", "100000", "x"])
    func interval(text: String) async {
        #expect(await Invocation.run(["host", "list", "-w", "--interval=\(text)"]).status == 64)
    }
}
