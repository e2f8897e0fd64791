import HTTPTransfer
import StubServer
import Testing

@Suite("HTTP, whole answers", .timeLimit(.minutes(1)))
struct ExchangeTests {
    let client = HTTPClient()

    /// The error of a request, nil when it is answered.
    func failure(_ request: HTTPRequest) async -> HTTPTransferError? {
        do throws(HTTPTransferError) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "sends method, fields and body as they are, and nothing of libcurl's own",
        arguments: [
            ("GET", nil), ("HEAD", nil), ("DELETE", nil), ("DELETE", "{}"), ("POST", "{\"a\":1}"), ("POST", ""),
            ("POST", nil), ("PUT", "x"), ("PATCH", String(repeating: "x", count: 3 << 20)),
        ] as [(String, String?)])
    func sends(method: String, body: String?) async throws {
        let server = try StubServer { (connection: StubConnection) in
            while let request = connection.readRequest() {
                connection.send("HTTP/1.1 201 Made\r\nX-One: 1\r\nx-two:  2 \r\nContent-Length: 2\r\n\r\n")
                if request.method != "HEAD" { connection.send("ok") }
            }
        }
        let response = try await client.send(
            HTTPRequest(
                method: method, url: server.url + "/a/b?c=d", headers: [("X-Field", "some value"), ("X-Empty", "")],
                body: body.map { Array($0.utf8) }))
        #expect(response.status == 201)
        #expect(response[header: "x-one"] == "1")
        #expect(response[header: "X-TWO"] == "2")
        #expect(String(decoding: response.body, as: UTF8.self) == (method == "HEAD" ? "" : "ok"))
        let request = try #require(server.requests.first)
        #expect(request.method == method)
        #expect(request.path == "/a/b?c=d")
        #expect(request.text == body ?? "")
        #expect(request[header: "x-field"] == "some value")
        #expect(request[header: "x-empty"] == "")
        #expect(request[header: "user-agent"] == "romana")
        #expect(request[header: "expect"] == nil)
        #expect(request[header: "content-type"] == nil)
        if method == "POST" { #expect(request[header: "content-length"] == "\(body?.utf8.count ?? 0)") }
    }

    @Test("one connection serves many requests; an answer of any status is an answer")
    func keepsAlive() async throws {
        let server = try StubServer { StubAnswer($0.path == "/404" ? 404 : 200, $0.path) }
        for index in 0..<50 {
            let response = try await client.send(HTTPRequest(url: "\(server.url)/\(index)"))
            #expect(String(decoding: response.body, as: UTF8.self) == "/\(index)")
        }
        #expect(try await client.send(HTTPRequest(url: server.url + "/404")).status == 404)
        #expect(server.connectionCount == 1)
    }

    @Test("many requests at once all get their own answers")
    func concurrent() async throws {
        let server = try StubServer { StubAnswer(200, String(repeating: $0.path, count: 2000)) }
        let client = client
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let response = try await client.send(HTTPRequest(url: "\(server.url)/\(index)"))
                    return response.body == Array(String(repeating: "/\(index)", count: 2000).utf8)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(server.requests.count == 64)
    }

    @Test("a connection that the server closed meanwhile is replaced")
    func closedBetween() async throws {
        let server = try StubServer { (connection: StubConnection) in
            if connection.readRequest() != nil { connection.send(StubAnswer(200, "once").bytes) }
        }
        for _ in 0..<5 { #expect(try await client.send(HTTPRequest(url: server.url)).status == 200) }
        #expect(server.connectionCount == 5)
    }

    @Test("reaches a unix socket by path")
    func unixSocket() async throws {
        let path = "/tmp/romana-stub-\(UInt64.random(in: 0...(.max))).sock"
        let server = try StubServer(unixSocket: path) { StubAnswer(200, $0[header: "host"] ?? "") }
        let response = try await client.send(HTTPRequest(url: server.url + "/x", unixSocket: path))
        #expect(String(decoding: response.body, as: UTF8.self) == "localhost")
        let gone = await failure(HTTPRequest(url: server.url, unixSocket: path + ".none"))
        #expect(gone?.code == .connect)
    }

    @Test("interim answers and trailers are passed over, chunks are joined")
    func interim() async throws {
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            connection.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n")
        }
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        #expect(response[header: "link"] == nil)
        #expect(response[header: "a"] == "b")
        #expect(response[header: "t"] == nil)
        #expect(response.body == Array("abcde".utf8))
    }

    static let broken: [(sent: String, code: HTTPTransferError.Code)] = [
        ("", .closed), ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .closed),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", .closed),
        ("SSH-2.0-OpenSSH_9.2\r\n", .invalidResponse), ("HTTP/1.1 abc\r\n\r\n", .invalidResponse),
        ("HTTP/1.1 200 OK\r\n\u{0}\u{1}\u{2}", .closed),
        ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 90 << 10) + "\r\nContent-Length: 0\r\n\r\n", .other),
    ]

    @Test("answers that break off or are not HTTP are errors", arguments: broken.indices.dropLast())
    func breaks(index: Int) async throws {
        let (sent, code) = Self.broken[index]
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send(sent)
        }
        let error = await failure(HTTPRequest(url: server.url + "/x"))
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("GET \(server.url)/x: ") == true)
    }

    @Test("heads and bodies have a limit")
    func limits() async throws {
        let server = try StubServer { request in
            let head = (0..<400).map { ("X-\($0)", String(repeating: "x", count: 1000)) }
            return StubAnswer(200, String(repeating: "x", count: 10_001), headers: request.path == "/head" ? head : [])
        }
        let long = await failure(HTTPRequest(url: server.url, maximumBodySize: 10_000))
        #expect(long?.code == .tooLarge)
        #expect(long?.message.contains("10000") == true)
        #expect(await failure(HTTPRequest(url: server.url, maximumBodySize: 10_001)) == nil)
        #expect(await failure(HTTPRequest(url: server.url + "/head"))?.code == .tooLarge)
    }

    @Test("nobody there, nobody known, no URL")
    func unreachable() async throws {
        let server = try StubServer { _ in StubAnswer() }
        server.stop()
        let refused = await failure(HTTPRequest(url: server.url))
        #expect(refused?.code == .connect)
        #expect(refused?.message == "connection refused (ECONNREFUSED)")
        #expect(await failure(HTTPRequest(url: "http://no-such-host.invalid/"))?.code == .resolve)
        for url in ["", "http://", "http://[::1", "http://127.0.0.1:99999/"] {
            #expect(await failure(HTTPRequest(url: url))?.code == .invalidRequest, "\(url)")
        }
        #expect(await failure(HTTPRequest(url: "file:///etc/passwd")) != nil)
    }

    @Test("a server that says nothing, or goes on too long, is given up in time")
    func timeouts() async throws {
        let server = try StubServer { (connection: StubConnection) in
            guard let request = connection.readRequest() else { return }
            if request.path == "/drip" {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while connection.send("x") { connection.pause(milliseconds: 20) }
            }
            connection.waitForClose()
        }
        for path in ["/silent", "/drip"] {
            let clock = ContinuousClock()
            let start = clock.now
            let error = await failure(HTTPRequest(url: server.url + path, timeout: .milliseconds(200)))
            #expect(error?.code == .timeout)
            #expect(error?.message.contains("0.2 seconds") == true, "\(String(describing: error))")
            #expect(clock.now - start < .seconds(30), "loose, for a busy machine; the server waits for ever")
        }
    }

    @Test("what could end a line is refused before anything is sent")
    func malformed() async throws {
        let server = try StubServer { _ in StubAnswer() }
        let requests = [
            HTTPRequest(method: "GET X", url: server.url), HTTPRequest(method: "", url: server.url),
            HTTPRequest(url: server.url, headers: [("A", "b\r\nC: d")]),
            HTTPRequest(url: server.url, headers: [("A: b", "c")]), HTTPRequest(url: server.url + "/\0"),
        ]
        for request in requests { #expect(await failure(request)?.code == .invalidRequest) }
        #expect(server.requests.isEmpty)
    }

    @Test("messages leave out the password of a URL")
    func password() async throws {
        let error = await failure(HTTPRequest(method: "POST", url: "http://user:secret@no-such-host.invalid/x?y=a@b"))
        #expect(error?.operation == "POST http://no-such-host.invalid/x?y=a@b")
    }

    @Test("a cancelled task is answered at once, before and during the exchange")
    func cancellation() async throws {
        let server = try StubServer { (connection: StubConnection) in connection.waitForClose() }
        let client = client
        for delay in [0, 1, 50] {
            let task = Task { () -> HTTPTransferError.Code? in
                do throws(HTTPTransferError) {
                    _ = try await client.send(HTTPRequest(url: server.url, timeout: .seconds(50)))
                    return nil
                } catch {
                    return error.code
                }
            }
            try await Task.sleep(for: .milliseconds(delay))
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test("a shut down client ends what is under way and refuses what comes")
    func shutsDown() async throws {
        let server = try StubServer { (connection: StubConnection) in connection.waitForClose() }
        let client = HTTPClient()
        let waiting = Task { try await client.send(HTTPRequest(url: server.url, timeout: .seconds(50))) }
        try await Task.sleep(for: .milliseconds(50))
        client.shutdown()
        let error = await #expect(throws: HTTPTransferError.self) { try await waiting.value }
        #expect(error?.code == .cancelled)
        let later = await #expect(throws: HTTPTransferError.self) {
            try await client.send(HTTPRequest(url: server.url))
        }
        #expect(later?.code == .cancelled)
    }
}
