import Glibc
import HTTPTransfer
import LinuxSystem
import Testbed
import Testing

@Suite("HTTP over TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    /// A certificate of our own making, and a server of Debian's `openssl` that uses it.
    struct Server {
        let directory: TemporaryDirectory
        let process: ChildProcess
        let url: String

        var certificate: String { directory.file("certificate.pem") }
        var key: String { directory.file("key.pem") }

        /// As `openssl s_server -www`, which answers every request with a page about the connection.
        static func start(_ options: [String] = []) async throws -> Server {
            let directory = try TemporaryDirectory("tls")
            let certificate = directory.file("certificate.pem")
            let key = directory.file("key.pem")
            try await Program(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key,
                ]
            ).text()
            let process = try await ChildProcess.start(
                Program(
                    "openssl",
                    ["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key]
                        + options.map {
                            $0 == "CERTIFICATE" ? certificate : $0
                        }), log: directory.file("log"))
            for _ in 0..<500 {
                // "ACCEPT 127.0.0.1:40123"
                let line = process.said().split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") }
                if let port = line?.split(separator: ":").last {
                    return Server(directory: directory, process: process, url: "https://127.0.0.1:\(port)/")
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            throw TestbedError("openssl s_server: \(process.said())")
        }

        func stop() async {
            await process.crash()
            directory.remove()
        }
    }

    let client = HTTPClient()

    /// The status of an answer, or the code of the error.
    func outcome(_ server: Server, _ tls: HTTPTLS) async -> Result<Int, HTTPTransferError> {
        do throws(HTTPTransferError) {
            return .success(try await client.send(HTTPRequest(url: server.url, tls: tls)).status)
        } catch {
            return .failure(error)
        }
    }

    func code(_ server: Server, _ tls: HTTPTLS) async -> HTTPTransferError.Code? {
        guard case .failure(let error) = await outcome(server, tls) else { return nil }
        return error.code
    }

    @Test("a server is trusted by the authority that is named, and by no other")
    func authority() async throws {
        let server = try await Server.start()
        #expect(try await outcome(server, HTTPTLS(caFile: server.certificate)).get() == 200)
        #expect(await code(server, HTTPTLS()) == .tls)
        #expect(await code(server, HTTPTLS(caFile: "/no/such.pem")) == .tls)
        #expect(try await outcome(server, HTTPTLS(verifiesServer: false)).get() == 200)
        await server.stop()
    }

    @Test("a server that asks for a certificate gets that of the request, which no other request shares")
    func clientCertificate() async throws {
        let server = try await Server.start(["-Verify", "1", "-verify_return_error", "-CAfile", "CERTIFICATE"])
        let own = HTTPTLS(
            caFile: server.certificate, certificateFile: server.certificate, keyFile: server.key)
        #expect(try await outcome(server, own).get() == 200)
        // With TLS 1.3 the server refuses only after the client's side of the handshake is done.
        let without = await code(server, HTTPTLS(caFile: server.certificate))
        #expect(without == .tls || without == .closed)
        let missing = HTTPTLS(caFile: server.certificate, certificateFile: "/no/such.pem", keyFile: server.key)
        #expect(await code(server, missing) == .tls)
        await server.stop()
    }

    @Test("certificates may be given as texts, which take the place of files")
    func givenTexts() async throws {
        let server = try await Server.start(["-Verify", "1", "-verify_return_error", "-CAfile", "CERTIFICATE"])
        let certificate = try FileSystem.readFile(server.certificate)
        let key = try FileSystem.readFile(server.key)
        let whole = HTTPTLS(given: .init(ca: certificate, certificate: certificate, key: key))
        #expect(try await outcome(server, whole).get() == 200)
        let partly = HTTPTLS(
            caFile: "/no/such.pem", certificateFile: server.certificate, keyFile: server.key,
            given: .init(ca: certificate))
        #expect(try await outcome(server, partly).get() == 200)
        let garbage = HTTPTLS(given: .init(ca: Array("no certificate".utf8), certificate: certificate, key: key))
        #expect(await code(server, garbage) == .tls)
        await server.stop()
    }

    @Test("plain HTTP is not taken for TLS, nor TLS for plain HTTP")
    func mixed() async throws {
        let server = try await Server.start()
        let plain = HTTPRequest(url: "http" + server.url.dropFirst("https".count), timeout: .seconds(5))
        await #expect(throws: HTTPTransferError.self) { try await client.send(plain) }
        await server.stop()
    }
}
