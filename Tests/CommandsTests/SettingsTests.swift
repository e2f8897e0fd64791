import StubServer
import Testing

@Suite("Settings and the command line", .timeLimit(.minutes(1)))
struct SettingsTests {
    @Test("options beat the environment, which beats the file, which beats the defaults")
    func order() async throws {
        let server = try StubServer { StubAnswer(200, #"[{"id":"\#($0.path)","cidr":"c","revision":1}]"#) }
        let file = try TemporaryFile(
            "# settings\n---\nRootURL: \"\(server.url)/file\"  # here\nformat: json\nPlatform: kubernetes\nOther:\n")
        let home = ["HOME": file.directory]
        func path(_ arguments: [String], _ environment: [String: String]) async -> String? {
            _ = await Invocation.run(["network", "list"] + arguments, environment: environment)
            return server.requests.last?.path
        }
        #expect(await path([], home) == "/file/networks")
        #expect(await path(["-c", file.path], [:]) == "/file/networks")
        #expect(await path([], home.merging(["ROOTURL": server.url + "/bare"]) { $1 }) == "/bare/networks")
        let both = home.merging(["ROOTURL": server.url + "/bare", "ROMANA_ROOTURL": server.url + "/long"]) { $1 }
        #expect(await path([], both) == "/long/networks")
        #expect(await path(["--rootURL", server.url + "/option"], both) == "/option/networks")
        let json = await Invocation.run(["network", "list"], environment: home)
        #expect(json.output.hasPrefix("["))
        let table = await Invocation.run(["network", "list", "-f", "table"], environment: home)
        #expect(table.output.hasPrefix("Network Name"))
    }

    @Test("a file that was named must be there, and settings must make sense")
    func faults() async throws {
        let missing = await Invocation.run(["host", "list", "-c", "/no/such.yaml"])
        #expect(missing.status == 64)
        #expect(missing.errors == "romana: open /no/such.yaml: no such file or directory (ENOENT)\n")
        let format = await Invocation.run(["host", "list"], environment: ["ROMANA_FORMAT": "xml"])
        #expect(
            format.errors
                == "romana: the format is \"xml\" by variable ROMANA_FORMAT: table, json and yaml are known\n")
        let url = await Invocation.run(["host", "list", "-r", "ftp://localhost:9600"])
        #expect(url.errors.contains("\"ftp://localhost:9600\" by --rootURL: HOST:PORT, http://"))
        for run in [format, url] { #expect(run.status == 64) }
    }

    @Test(
        "command lines that make no sense end with 64, help and version with 0",
        arguments: [
            ("host lst", 64), ("host list --no-such", 64), ("host show", 64), ("host list -f xml", 64), ("nothing", 64),
            ("block show 10.0.0.0/99", 64), ("--version", 0), ("--help", 0), ("", 0), ("host", 0),
            ("help host list", 0),
        ])
    func statuses(line: String, status: Int32) async {
        let run = await Invocation.run(line.split(separator: " ").map(String.init))
        #expect(run.status == status)
        #expect(run.output.isEmpty == (status != 0))
        #expect(run.errors.isEmpty == (status == 0))
    }

    @Test("options may stand before the noun, the verb or at the end")
    func places() async throws {
        let server = try StubServer { _ in StubAnswer(200, "[]") }
        for line in [
            ["-f", "json", "network", "list"], ["network", "-f", "json", "list"], ["network", "list", "-f", "json"],
        ] {
            #expect(await Invocation.run(line + ["-P", "kubernetes", "-r", server.url]).output == "[]\n")
        }
    }
}
