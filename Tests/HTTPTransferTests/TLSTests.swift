import Glibc
import HTTPTransfer
import LinuxSystem
import Testbed
import Testing

@Suite("HTTP over TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    let client = HTTPClient()

    /// The status of an answer, or the code of the error.
    func outcome(_ server: TLSServer, _ tls: HTTPTLS) async -> Result<Int, HTTPTransferError> {
        do throws(HTTPTransferError) {
            return .success(try await client.send(HTTPRequest(url: server.url, tls: tls)).status)
        } catch {
            return .failure(error)
        }
    }

    func status(_ server: TLSServer, _ tls: HTTPTLS) async -> Int? {
        guard case .success(let status) = await outcome(server, tls) else { return nil }
        return status
    }

    func code(_ server: TLSServer, _ tls: HTTPTLS) async -> HTTPTransferError.Code? {
        guard case .failure(let error) = await outcome(server, tls) else { return nil }
        return error.code
    }

    @Test("a server is trusted by the authority that is named, and by no other")
    func authority() async throws {
        try await TLSServer.run(.page) { server in
            #expect(await status(server, HTTPTLS(caFile: server.certificate)) == 200)
            #expect(await code(server, HTTPTLS()) == .tls)
            #expect(await code(server, HTTPTLS(caFile: "/no/such.pem")) == .tls)
            #expect(await status(server, HTTPTLS(verifiesServer: false)) == 200)
        }
    }

    @Test("a server that asks for a certificate gets that of the request, which no other request shares")
    func clientCertificate() async throws {
        try await TLSServer.run(.page, demandsCertificate: true) { server in
            let own = HTTPTLS(
                caFile: server.certificate, certificateFile: server.certificate, keyFile: server.key)
            #expect(await status(server, own) == 200)
            // With TLS 1.3 the server refuses only after the client's side of the handshake is done.
            let without = await code(server, HTTPTLS(caFile: server.certificate))
            #expect(without == .tls || without == .closed)
            let missing = HTTPTLS(caFile: server.certificate, certificateFile: "/no/such.pem", keyFile: server.key)
            #expect(await code(server, missing) == .tls)
        }
    }

    @Test("certificates may be given as texts, which take the place of files")
    func givenTexts() async throws {
        try await TLSServer.run(.page, demandsCertificate: true) { server in
            let certificate = try FileSystem.readFile(server.certificate)
            let key = try FileSystem.readFile(server.key)
            let whole = HTTPTLS(given: .init(ca: certificate, certificate: certificate, key: key))
            #expect(await status(server, whole) == 200)
            let partly = HTTPTLS(
                caFile: "/no/such.pem", certificateFile: server.certificate, keyFile: server.key,
                given: .init(ca: certificate))
            #expect(await status(server, partly) == 200)
            let garbage = HTTPTLS(given: .init(ca: Array("no certificate".utf8), certificate: certificate, key: key))
            #expect(await code(server, garbage) == .tls)
        }
    }

    @Test("plain HTTP is not taken for TLS, nor TLS for plain HTTP")
    func mixed() async throws {
        try await TLSServer.run(.page) { server in
            let plain = HTTPRequest(url: "http" + server.url.dropFirst("https".count), timeout: .seconds(5))
            await #expect(throws: HTTPTransferError.self) { try await client.send(plain) }
        }
    }
}
