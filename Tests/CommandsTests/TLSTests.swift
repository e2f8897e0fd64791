import LinuxSystem
import Testbed
import Testing

@Suite("A daemon behind TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    /// A certificate of our own making, and a server of Debian's `openssl` that serves files as a daemon's answers.
    struct Server {
        let directory: TemporaryDirectory
        let process: ChildProcess
        let url: String

        var certificate: String { directory.file("certificate.pem") }
        var key: String { directory.file("key.pem") }
        /// Certificate and key in one file.
        var both: String { directory.file("both.pem") }

        static func start(_ options: String = "") async throws -> Server {
            let directory = try TemporaryDirectory("tls")
            let script = """
                cd \(directory.path)
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test \
                    -addext subjectAltName=IP:127.0.0.1 -out certificate.pem -keyout key.pem 2>/dev/null
                cat certificate.pem key.pem > both.pem
                echo '[{"id":"pods","cidr":"10.0.0.0/8","revision":1}]' > networks
                exec openssl s_server -WWW -accept 127.0.0.1:0 -cert certificate.pem -key key.pem \(options)
                """
            let process = try await ChildProcess.start(Program("sh", ["-c", script]), log: directory.file("log"))
            for _ in 0..<500 {
                // "ACCEPT 127.0.0.1:40123"
                let line = process.said().split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") }
                if let port = line?.split(separator: ":").last {
                    return Server(directory: directory, process: process, url: "https://127.0.0.1:\(port)")
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            throw TestbedError("openssl s_server: \(process.said())")
        }

        func stop() async {
            await process.crash()
            directory.remove()
        }

        func run(_ arguments: [String], _ environment: [String: String] = [:]) async -> Invocation {
            await Invocation.run(["network", "list", "-r", url] + arguments, environment: environment)
        }
    }

    @Test("a daemon is trusted by the authority that is named, however it is named")
    func authority() async throws {
        let server = try await Server.start()
        let settings = try TemporaryFile("CACert: \(server.certificate)\n")
        let ways: [(arguments: [String], environment: [String: String])] = [
            (["--cacert", server.certificate], [:]), ([], ["ROMANA_CACERT": server.certificate]),
            (["-c", settings.path], [:]), (["--cacert", server.certificate], ["ROMANA_CACERT": "/no/such.pem"]),
        ]
        for (arguments, environment) in ways {
            let run = await server.run(arguments, environment)
            #expect(run.lines.last == "pods          10.0.0.0/8           1", "\(run.errors)")
        }
        let strange = await server.run([])
        #expect(strange.status == 2)
        #expect(strange.errors.contains("certificate"))
        await server.stop()
    }

    @Test("a daemon that asks for a certificate gets that of the command")
    func client() async throws {
        let server = try await Server.start("-Verify 1 -verify_return_error -CAfile certificate.pem")
        let trust = ["--cacert", server.certificate]
        for own in [["--cert", server.certificate, "--key", server.key], ["--cert", server.both]] {
            let run = await server.run(trust + own)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(await server.run(trust).status == 2)
        let missing = await server.run(trust + ["--cert", "/no/such.pem"])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("/no/such.pem"), "\(missing.errors)")
        await server.stop()
    }
}
