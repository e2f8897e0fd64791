import LinuxSystem
import Testbed
import Testing

@Suite("A daemon behind TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    /// A server that answers as a daemon with one network does.
    static func daemon(
        demandsCertificate: Bool = false, _ body: (TLSServer) async throws -> Void
    ) async throws {
        let networks = #"[{"id":"pods","cidr":"10.0.0.0/8","revision":1}]"#
        try await TLSServer.run(
            .files, demandsCertificate: demandsCertificate, files: ["networks": networks + "\n"], body)
    }

    func list(_ server: TLSServer, _ arguments: [String], _ environment: [String: String] = [:]) async -> Invocation {
        await Invocation.run(["network", "list", "-r", server.url] + arguments, environment: environment)
    }

    @Test("a daemon is trusted by the authority that is named, however it is named")
    func authority() async throws {
        try await Self.daemon { server in
            let settings = try TemporaryFile("CACert: \(server.certificate)\n")
            let ways: [(arguments: [String], environment: [String: String])] = [
                (["--cacert", server.certificate], [:]), ([], ["ROMANA_CACERT": server.certificate]),
                (["-c", settings.path], [:]), (["--cacert", server.certificate], ["ROMANA_CACERT": "/no/such.pem"]),
            ]
            for (arguments, environment) in ways {
                let run = await list(server, arguments, environment)
                #expect(run.lines.last == "pods          10.0.0.0/8           1", "\(run.errors)")
            }
            let strange = await list(server, [])
            #expect(strange.status == 2)
            #expect(strange.errors.contains("certificate"))
        }
    }

    @Test("a daemon that asks for a certificate gets that of the command")
    func client() async throws {
        try await Self.daemon(demandsCertificate: true) { server in
            let trust = ["--cacert", server.certificate]
            for own in [["--cert", server.certificate, "--key", server.key], ["--cert", server.both]] {
                let run = await list(server, trust + own)
                #expect(run.status == 0, "\(run.errors)")
            }
            #expect(await list(server, trust).status == 2)
            let missing = await list(server, trust + ["--cert", "/no/such.pem"])
            #expect(missing.status == 2)
            #expect(missing.errors.contains("/no/such.pem"), "\(missing.errors)")
        }
    }
}
