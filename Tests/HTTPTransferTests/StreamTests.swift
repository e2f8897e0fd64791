import HTTPTransfer
import StubServer
import Synchronization
import Testing

@Suite("HTTP, streams", .timeLimit(.minutes(1)))
struct StreamTests {
    let client = HTTPClient()

    @Test("the head comes before the body, and each piece as it is sent")
    func pieces() async throws {
        let gate = Atomic(0)
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for index in 0..<3 {
                while gate.load(ordering: .acquiring) <= index { connection.pause(milliseconds: 1) }
                connection.send("2\r\n\(index);\r\n")
            }
            connection.send("0\r\n\r\n")
        }
        let (head, body) = try await client.stream(HTTPRequest(url: server.url, timeout: .seconds(5)))
        #expect(head.status == 200)
        var iterator = body.makeAsyncIterator()
        for index in 0..<3 {
            gate.add(1, ordering: .releasing)
            #expect(try await iterator.next() == Array("\(index);".utf8))
        }
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    @Test("a slow reader holds the server back and misses nothing")
    func backPressure() async throws {
        let total = 32 << 20
        let sent = Atomic(0)
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 64 << 10)
            for _ in 0..<(total / piece.count) {
                guard connection.send(piece) else { return }
                sent.add(piece.count, ordering: .relaxed)
            }
        }
        let (_, body) = try await client.stream(HTTPRequest(url: server.url))
        try await Task.sleep(for: .milliseconds(300))
        let ahead = sent.load(ordering: .relaxed)
        #expect(ahead < total / 2, "the server was not held back")
        var count = 0
        for try await chunk in body { count += chunk.count }
        #expect(count == total)
    }

    @Test("letting go of the body ends the exchange")
    func letGo() async throws {
        let isClosed = Atomic(false)
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
            connection.waitForClose()
            isClosed.store(true, ordering: .releasing)
        }
        do {
            let (_, body) = try await client.stream(HTTPRequest(url: server.url))
            for try await _ in body { break }
        }
        for _ in 0..<500 where !isClosed.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(10)) }
        let hasEnded = isClosed.load(ordering: .acquiring)
        #expect(hasEnded)
    }

    @Test("a reader whose task is cancelled is answered at once")
    func cancelledReader() async throws {
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.waitForClose()
        }
        let (_, body) = try await client.stream(HTTPRequest(url: server.url))
        let task = Task { () -> HTTPTransferError.Code? in
            do throws(HTTPTransferError) {
                for try await _ in body {}
                return nil
            } catch {
                return error.code
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test("a body that breaks off gives what came, then the error")
    func breaksOff() async throws {
        let server = try StubServer { (connection: StubConnection) in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        }
        let (_, body) = try await client.stream(HTTPRequest(url: server.url))
        var received: [UInt8] = []
        var failure: HTTPTransferError?
        do throws(HTTPTransferError) {
            for try await chunk in body { received += chunk }
        } catch {
            failure = error
        }
        #expect(received == Array("abc".utf8))
        #expect(failure?.code == .closed)
    }

    @Test("the timeout is for the head; silence after it has its own")
    func timeouts() async throws {
        let server = try StubServer { (connection: StubConnection) in
            guard let request = connection.readRequest() else { return }
            if request.path == "/head" { connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") }
            connection.waitForClose()
        }
        func code(_ request: HTTPRequest) async -> HTTPTransferError.Code? {
            do throws(HTTPTransferError) {
                let (_, body) = try await client.stream(request)
                for try await _ in body {}
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await code(HTTPRequest(url: server.url, timeout: .milliseconds(100))) == .timeout)
        let idle = HTTPRequest(url: server.url + "/head", timeout: .milliseconds(100), idleTimeout: .seconds(1))
        let clock = ContinuousClock()
        let start = clock.now
        #expect(await code(idle) == .timeout)
        #expect(clock.now - start > .milliseconds(800))
    }

    @Test("a server that refuses gives its head like any other")
    func refusal() async throws {
        let server = try StubServer { _ in StubAnswer(403, "no") }
        let (head, body) = try await client.stream(HTTPRequest(url: server.url))
        #expect(head.status == 403)
        var text: [UInt8] = []
        for try await chunk in body { text += chunk }
        #expect(text == Array("no".utf8))
    }
}
