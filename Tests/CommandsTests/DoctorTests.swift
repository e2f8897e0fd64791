import CNIProtocol
import Release
import StubServer
import Testbed
import Testing

@testable import Commands

@Suite("romana doctor", .timeLimit(.minutes(1)))
struct DoctorTests {
    /// One server that is etcd, daemon and API server at once.
    private static func servers(replacing: [String: String] = [:]) throws -> StubServer {
        try StubDaemon.start(
            [
                "GET /version": #"{"etcdserver":"3.5.0","etcdcluster":"3.5.0","gitVersion":"v1.30.0"}"#,
                "POST /v3/maintenance/status": #"{"dbSize":"4194304","leader":"42","version":"3.5.0"}"#,
                "POST /v3/maintenance/alarm": #"{"alarms":[]}"#,
                "GET /readyz": #"{"checks":[],"status":"ok","version":"3.0.0"}"#,
            ], replacing: replacing)
    }

    private static func state(_ url: String) -> JSONValue {
        .object(
            (StubAgent.state(node: "node-1").members ?? []) + [
                (key: "settings", value: ["etcd": [.string(url)], "kubernetes": .string(url), "routeTable": 10])
            ])
    }

    /// What the doctor says of areas that a test has in its hand, by `area subject`.
    private static func symptoms(
        _ servers: StubServer, _ arguments: [String] = [], areas: Set<String>
    ) async throws -> [String: JSONValue] {
        let agent = try StubAgent(state(servers.url))
        let run = await Invocation.run(
            ["doctor", "--output", "json", "-r", servers.url, "--agent-socket", agent.path] + arguments)
        let all = try JSONValue(parsing: run.output)["symptoms"]?.arrayValue ?? []
        let failed = all.contains { $0["outcome"] == "failed" }
        #expect(run.status == (failed ? 1 : 0))
        return Dictionary(
            all.filter { areas.contains($0["area"].shown) }.map { ("\($0["area"].shown) \($0["subject"].shown)", $0) },
            uniquingKeysWith: { $1 })
    }

    @Test("etcd that is well: version, leader, size, no alarms")
    func etcd() async throws {
        let server = try Self.servers()
        let symptoms = try await Self.symptoms(server, areas: ["etcd"])
        #expect(symptoms.values.allSatisfy { $0["outcome"] == "ok" || $0["outcome"] == "warning" }, "\(symptoms)")
        #expect(symptoms["etcd \(server.url)"]?["message"].shown.hasPrefix("version 3.5.0") == true)
        #expect(symptoms["etcd \(server.url) size"]?["message"] == "4 MiB")
        #expect(symptoms["etcd \(server.url) alarms"]?["message"] == "none")
    }

    @Test(
        "etcd that is not: each fault is told with what to do",
        arguments: [
            ("GET /version", #"{"etcdserver":"3.3.9"}"#, "", "3.3.9"),
            ("POST /v3/maintenance/alarm", #"{"alarms":[{"memberID":"1","alarm":"NOSPACE"}]}"#, " alarms", "NOSPACE"),
            ("POST /v3/maintenance/status", #"{"dbSize":"1"}"#, " leader", "none"),
            ("GET /version", "nonsense", "", "not etcd"),
        ])
    func sickEtcd(path: String, answer: String, subject: String, words: String) async throws {
        let server = try Self.servers(replacing: [path: answer])
        let symptom = try #require(
            try await Self.symptoms(server, areas: ["etcd"])["etcd \(server.url)\(subject)"])
        #expect(symptom["outcome"] == "failed", "\(symptom)")
        #expect(symptom["message"].shown.contains(words))
        #expect(!symptom["advice"].shown.isEmpty)
    }

    @Test("versions that differ are a warning, a daemon that is not ready a failure with its reason")
    func servers() async throws {
        let server = try Self.servers(replacing: [
            "GET /readyz": #"{"checks":[],"status":"ok","version":"2.9.9"}"#
        ])
        let older = try await Self.symptoms(server, areas: ["versions", "daemon"])
        #expect(older["versions \(server.url)"]?["outcome"] == "warning")
        #expect(older["versions agent of node-1"]?["outcome"] == "ok")
        #expect(older["daemon \(server.url)"]?["outcome"] == "ok")
        let gone = try StubDaemon.start([:])
        let symptoms = try await Self.symptoms(gone, areas: ["daemon"])
        #expect(symptoms["daemon \(gone.url)"]?["outcome"] == "failed")
    }

    /// What the folder of network configurations holds, and what is said of it.
    struct Installation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var plugins: [String] = ["romana-cni"]
        var outcome: String
        var words: String
    }

    static let ours = #"{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"romana-cni"}]}"#
    static let installations = [
        Installation(
            testDescription: "ours alone", files: ["10-romana.conflist": ours], outcome: "ok", words: "is there"),
        Installation(testDescription: "none", files: [:], outcome: "failed", words: "no network configuration"),
        Installation(
            testDescription: "another comes first",
            files: ["05-other.conf": #"{"name":"o","type":"bridge"}"#, "10-romana.conflist": ours], outcome: "failed",
            words: "is of bridge, before 10-romana.conflist"),
        Installation(
            testDescription: "another comes later",
            files: ["10-romana.conflist": ours, "87-other.conf": #"{"name":"o","type":"bridge"}"#], outcome: "ok",
            words: "is there"),
        Installation(
            testDescription: "the plugin is missing", files: ["10-romana.conflist": ours], plugins: [],
            outcome: "failed", words: "is missing"),
        Installation(
            testDescription: "not JSON", files: ["10-romana.conflist": "{"], outcome: "failed", words: "not JSON"),
        Installation(
            testDescription: "a socket of another agent",
            files: ["10-romana.conflist": #"{"name":"n","plugins":[{"type":"romana-cni","agentSocket":"/x"}]}"#],
            outcome: "warning", words: "names /x"),
    ]

    @Test("the network configuration that the runtime would take", arguments: installations)
    func installation(row: Installation) throws {
        let folder = try TemporaryDirectory("doctor")
        defer { folder.remove() }
        for (name, text) in row.files { try TextFile.write(text, to: folder.file(name)) }
        let plugins = try folder.directory("bin")
        for name in row.plugins { try TextFile.write("", to: "\(plugins)/\(name)", mode: 0o755) }
        var options = InstallationOptions()
        options.configurations = folder.path
        options.plugins = plugins
        let symptoms = InstallationExamination(options: options, agentSocket: "/run/romana/agent.sock").symptoms()
        let outcomes = Set(symptoms.map(\.outcome.rawValue))
        #expect(
            outcomes.contains(row.outcome) && (row.outcome != "ok" || outcomes == ["ok", "unknown"]), "\(symptoms)")
        #expect(symptoms.contains { $0.message.contains(row.words) }, "\(symptoms)")
        #expect(symptoms.allSatisfy { $0.outcome != .failed || !$0.advice.isEmpty })
    }

    @Test("a plugin's version is read from its file, and that of this release is found")
    func pluginVersion() {
        let around = Array("\u{7f}ELF romana-cni romana-cni version".utf8)
        #expect(Release.pluginTitle == "romana-cni version \(Release.version)")
        #expect(
            InstallationExamination.version(in: around + [0] + Array(Release.pluginTitle.utf8) + [0, 1])
                == Release.version)
        #expect(InstallationExamination.version(in: []) == "")
    }

    @Test(
        "clocks that differ",
        arguments: [(0, "ok"), (2, "ok"), (-9, "warning"), (3600, "failed")] as [(Int64, String)])
    func clocks(offset: Int64, outcome: String) {
        let inquiry = Inquiry(status: 200, body: [], took: 1, clockOffset: offset)
        #expect(Symptom.clock("etcd", "x", inquiry).map(\.outcome.rawValue) == [outcome])
    }

    @Test("without an agent it says so, and looks at the rest")
    func noAgent() async throws {
        let server = try Self.servers()
        let run = await Invocation.run([
            "doctor", "-r", server.url, "--agent-socket", "/no/agent.sock", "--etcd-endpoints", server.url,
        ])
        #expect(run.status == 1)
        #expect(run.output.contains("agent /no/agent.sock: start romana-agent"), "\(run.output)")
        #expect(run.output.contains("version 3.5.0"))
    }
}
