import Glibc
import LinuxSystem
import Release
import StubServer
import Testbed
import Testing

@Suite("The program as a process", .timeLimit(.minutes(2)))
struct ProcessTests {
    static let romana = Programs.built.romana

    static func networks() throws -> StubServer {
        try StubServer { _ in StubAnswer(200, #"[{"id":"pods","cidr":"10.0.0.0/8","revision":1}]"#) }
    }

    /// Runs a line of the shell in which `$romana` is the program.
    static func shell(_ line: String, _ environment: [String: String] = [:]) async throws -> CommandResult {
        let variables = ["romana": romana, "PATH": "/usr/bin:/bin", "TERM": "xterm"].merging(environment) { $1 }
        return try await Program("sh", ["-c", line], environment: variables).run()
    }

    @Test("exit statuses tell a script what happened")
    func statuses() async throws {
        let server = try Self.networks()
        let cases: [(line: String, status: Int32)] = [
            ("network list -r \(server.url)", 0), ("--version", 0), ("block show 10.0.0.0/29 -r \(server.url)", 1),
            ("network list -r \(try DaemonSearchTests.deadURL())", 2), ("network lst", 64),
        ]
        for (line, status) in cases {
            #expect(try await Self.shell("$romana \(line)").status == .exited(status))
        }
        #expect(try await Self.shell("$romana --version").text == Release.version + "\n")
    }

    @Test("--watch ends with 0 on SIGINT and on SIGTERM", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) async throws {
        let server = try Self.networks()
        let directory = try TemporaryDirectory("watch")
        let program = Program(Self.romana, ["network", "list", "-w", "--interval", "0.1", "-r", server.url])
        let process = try await ChildProcess.start(program, log: directory.file("log"))
        while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        process.send(signal)
        #expect(await process.wait() == .exited(0))
        #expect(process.said().hasPrefix("Network Name"))
        directory.remove()
    }

    @Test("a reader who has enough ends it without a word, with --watch at once")
    func pipes() async throws {
        let server = try Self.networks()
        for more in ["", "-w"] {
            let line = "($romana network list \(more) -r \(server.url); echo \"status $?\" >&2) | head -n 1"
            let result = try await Self.shell(line)
            #expect(result.text == "Network Name  Network CIDR  Revision\n")
            #expect(result.errorText == "status 0\n")
        }
    }

    @Test("a full disk is told")
    func full() async throws {
        let server = try Self.networks()
        let result = try await Self.shell("$romana network list -r \(server.url) > /dev/full")
        #expect(result.status == .exited(1))
        #expect(result.errorText == "romana: write to standard output: no space left on device (ENOSPC)\n")
    }

    @Test(
        "colours only on a terminal, and not where they are unwanted",
        arguments: [
            ([:], true, true), (["NO_COLOR": "1"], true, false), (["TERM": "dumb"], true, false), ([:], false, false),
            (["NO_COLOR": ""], true, true),
        ])
    func colours(environment: [String: String], isTerminal: Bool, isColoured: Bool) async throws {
        let server = try Self.networks()
        let line = "$romana network list -r \(server.url)"
        // As `script` of util-linux: the command on a terminal of its own.
        let result = try await Self.shell(
            isTerminal ? "script --quiet --return --command \"\(line)\" /dev/null" : line, environment)
        #expect(result.status == .exited(0))
        #expect(result.text.contains("10.0.0.0/8"))
        #expect(result.text.contains("\u{1B}[1m") == isColoured, "\(result.text)")
    }

    @Test("completion scripts are what their shells can read", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        let result = try await Self.shell("$romana completion \(shell)")
        #expect(result.status == .exited(0))
        for word in ["blackout", "topology", "rootURL"] { #expect(result.text.contains(word)) }
        let other = try await Self.shell("$romana --generate-completion-script \(shell)")
        #expect(other.output == result.output)
        guard shell == "bash" else { return }
        #expect(try await Program("bash", ["-n"]).run(input: result.output).status == .exited(0))
    }
}
