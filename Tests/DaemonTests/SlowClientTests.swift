import Glibc
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Daemon

@Suite struct SlowClientTests {
    /// A server with short patience and a connection to it; `body` runs on a thread of its own, since it blocks.
    private func withConnection(
        deadline: Duration = .seconds(10), limit: Int64 = 60_000, linger: Int64 = 60_000, head: Int64 = 60_000,
        _ body: @escaping @Sendable (RawClient) -> String?
    ) async throws -> String {
        let patience = Patience(
            firstHead: .milliseconds(head), nextHead: .milliseconds(head), exchange: .milliseconds(limit),
            linger: .milliseconds(linger))
        return try await withAPI(over: .live, deadline: deadline, patience: patience) { client, _ in
            let port = try #require(client.port)
            let raw = try #require(RawClient(port: port))
            defer { raw.close() }
            let text = await OwnThread.run { body(raw) }
            // The server still serves.
            let next = try #require(RawClient(port: port))
            defer { next.close() }
            _ = next.send("GET /hosts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            let answer = await OwnThread.run { next.readToEnd() }
            #expect(answer?.hasPrefix("HTTP/1.1 200") == true, "\(answer ?? "nothing")")
            return try #require(text, "the connection was not closed")
        }
    }

    @Test func aBodyThatDoesNotComeIsAnsweredWith408AndCut() async throws {
        let text = try await withConnection(deadline: .seconds(4), linger: 200) { raw in
            _ = raw.send("POST /hosts HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
            return raw.readToEnd()
        }
        #expect(text.hasPrefix("HTTP/1.1 408"), "\(text)")
        #expect(text.contains("did not arrive"))
    }

    @Test func aBodyThatTricklesIsCut() async throws {
        let text = try await withConnection(limit: 300) { raw in
            let start = ContinuousClock.now
            _ = raw.send("POST /hosts HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n")
            while raw.send(" ") {
                // A busy machine is given time; the body itself would last half an hour.
                if ContinuousClock.now - start > .seconds(60) { return nil }
                usleep(20_000)
            }
            return ""
        }
        #expect(text.isEmpty)
    }

    @Test(arguments: ["", "GET /hosts HTTP/1.1\r\nhost: x\r\n\r\n"]) func aHeadThatTricklesIsCut(_ before: String)
        async throws
    {
        let text = try await withConnection(head: 400) { raw in
            let start = ContinuousClock.now
            _ = raw.send(before + "GET /hosts HTTP/1.1\r\nhost: x\r\n")
            while raw.send("a: b\r\n") {
                if ContinuousClock.now - start > .seconds(30) { return nil }
                usleep(50_000)
            }
            return raw.readToEnd()
        }
        #expect(before.isEmpty ? text.isEmpty : text.isEmpty || text.hasPrefix("HTTP/1.1 200"))
    }

    @Test func anUnreadBodyIsTakenInForAWhileAndThenCut() async throws {
        let text = try await withConnection(linger: 300) { raw in
            _ = raw.send("GET /hosts HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
            return raw.readToEnd()
        }
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(text.lowercased().contains("connection: close"))
    }

    /// Bytes that are no request we know of.
    enum Junk: String, CaseIterable, Sendable {
        case words = "junk\r\n\r\n"
        case version = "GET / HTTP/9.9\r\n\r\n"
        case zeros = "\0\0\0\0\r\n\r\n"
        case negativeLength = "POST /hosts HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n"
        case badChunk = "POST /hosts HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"
        case longPath
        case manyHeaders

        var bytes: String {
            switch self {
            case .longPath: "GET /" + String(repeating: "a", count: 200_000) + " HTTP/1.1\r\n\r\n"
            case .manyHeaders: "GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 5000) + "\r\n"
            default: rawValue
            }
        }
    }

    @Test(arguments: Junk.allCases) func junkIsCutAndTheServerGoesOn(_ junk: Junk) async throws {
        let text = try await withConnection(deadline: .milliseconds(500), limit: 1000, linger: 100) { raw in
            _ = raw.send(junk.bytes)
            return raw.readToEnd()
        }
        // 503 is the deadline's, which a busy machine may reach first.
        #expect(
            ["", "HTTP/1.1 4", "HTTP/1.1 503"].contains { text.isEmpty == $0.isEmpty && text.hasPrefix($0) }, "\(text)")
    }

    @Test func requestsOnOneConnectionAreAnsweredInOrder() async throws {
        let text = try await withConnection { raw in
            _ = raw.send(
                "GET /hosts HTTP/1.1\r\nhost: x\r\n\r\nGET /nothing HTTP/1.1\r\nhost: x\r\n\r\n"
                    + "GET /networks HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            return raw.readToEnd()
        }
        let statuses = text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
        #expect(statuses == ["200", "404", "200"])
    }
}
