import HTTPTransfer
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testbed
import Testing

@testable import Daemon

@Suite struct AccessTests {
    static let renewal = Renewal(
        interval: .zero, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func headers(_ authorization: String?) -> HTTPFields {
        authorization.map { [.authorization: $0] } ?? [:]
    }

    @Test func withATokenFileOnlyItsTokensAreLetIn() async throws {
        let directory = try TemporaryDirectory("tokens")
        defer { directory.remove() }
        let file = directory.file("tokens")
        try Testbed.TextFile.write("first\nsecond\n", to: file)
        let gate = Gate(tokens: try .tokens(file: file, Self.renewal))
        try await withAPI(gate: gate) { client, _ in
            for (shown, status) in [
                (nil, 401), ("Bearer first", 200), ("bearer second", 200), ("Bearer third", 401), ("Bearer", 401),
                ("Bearer firs", 401), ("Basic first", 401), ("", 401), ("Bearer first second", 401),
            ] as [(String?, Int)] {
                let answer = try await client.send(.get, "/hosts", headers: headers(shown))
                #expect(answer.status == status, "\(shown ?? "nothing")")
                #expect((answer.headers[.wwwAuthenticate] != nil) == (status == 401))
            }
            for path in ["/healthz", "/openapi.json"] {
                #expect(try await client.send(.get, path).status == 200)
            }
            for path in ["/metrics", "/topology", "/policies"] {
                #expect(try await client.send(.get, path).status == 401)
            }
            // Tokens that are replaced count at once; a file that is gone changes nothing.
            try Testbed.TextFile.write("fourth", to: file)
            #expect(try await client.send(.get, "/hosts", headers: headers("Bearer first")).status == 401)
            #expect(try await client.send(.get, "/hosts", headers: headers("Bearer fourth")).status == 200)
            try Testbed.TextFile.write("\n", to: file)
            #expect(try await client.send(.get, "/hosts", headers: headers("Bearer fourth")).status == 200)
            #expect(try await client.send(.get, "/hosts", headers: headers("Bearer")).status == 401)
        }
    }

    @Test func aTokenFileWithoutATokenIsRefused() throws {
        let directory = try TemporaryDirectory("tokens")
        defer { directory.remove() }
        try Testbed.TextFile.write(" \n", to: directory.file("tokens"))
        for name in ["tokens", "none"] {
            #expect(throws: DaemonError.self) { try Renewed.tokens(file: directory.file(name), Self.renewal) }
        }
    }

    @Test func tooManyAtOnceAreTurnedAwayAndHealthIsStillTold() async throws {
        let store = MemoryStore(delay: .milliseconds(300))
        try await withAPI(on: store, crowd: 2) { client, _ in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...8 {
                    group.addTask {
                        let body = #"{"ip":"192.168.0.\#(number)","name":"n\#(number)"}"#
                        let answer = try await client.send(.post, "/hosts", body)
                        #expect(answer.status == 200 || answer.headers[.retryAfter] == "1")
                        return answer.status
                    }
                }
                #expect(try await client.send(.get, "/healthz").status == 200)
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 2 && statuses.filter { $0 == 503 }.count == 6)
            #expect(try await client.send(.get, "/hosts").status == 200)
        }
    }

    /// A certificate of a name, signed by itself.
    private func certificate(_ name: String, in directory: TemporaryDirectory) async throws {
        try await Program(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1",
                "-out", directory.file("\(name).pem"), "-keyout", directory.file("\(name).key"),
            ]
        ).text()
    }

    @Test func overTLSOnlyClientsOfTheAuthorityAreServedAndANewCertificateIsTakenUp() async throws {
        let directory = try TemporaryDirectory("tls")
        defer { directory.remove() }
        for name in ["server", "client", "stranger", "next"] { try await certificate(name, in: directory) }
        let files = ServerCertificate(
            chainFile: directory.file("server.pem"), keyFile: directory.file("server.key"),
            clientAuthorityFile: directory.file("client.pem"))
        let context = try files.context(Self.renewal)
        try await withCluster { cluster in
            let api = API(cluster: cluster, health: StoreHealth())
            let application = Application(
                router: api.router(), server: .api(certificate: context),
                configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: Self.renewal.logger)
            try await application.test(.live) { server in
                let port = try #require(server.port)
                func status(trusting authority: String, as name: String?) async -> Int? {
                    let tls = HTTPTLS(
                        caFile: directory.file("\(authority).pem"),
                        certificateFile: name.map { directory.file("\($0).pem") },
                        keyFile: name.map { directory.file("\($0).key") })
                    // A client of its own, since connections are kept.
                    let client = HTTPClient()
                    defer { client.shutdown() }
                    let request = HTTPTransfer.HTTPRequest(url: "https://127.0.0.1:\(port)/hosts", tls: tls)
                    return try? await client.send(request).status
                }
                #expect(await status(trusting: "server", as: "client") == 200)
                #expect(await status(trusting: "server", as: "stranger") == nil)
                #expect(await status(trusting: "server", as: nil) == nil)
                for (new, old) in [("next.pem", "server.pem"), ("next.key", "server.key")] {
                    try await Program("cp", [directory.file(new), directory.file(old)]).text()
                }
                #expect(await status(trusting: "next", as: "client") == 200)
                let plain = HTTPTransfer.HTTPRequest(url: "http://127.0.0.1:\(port)/hosts", timeout: .seconds(5))
                #expect((try? await HTTPClient().send(plain)) == nil)
            }
        }
    }
}
