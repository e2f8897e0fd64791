import HTTPTransfer
import KubernetesAPI
import LinuxSystem
import Logging
import StubServer
import Synchronization

/// An API server whose answers a test queues: lists, and watches that stay open until the next one is due.
final class StubAPI: Sendable {
    /// What one request is answered with.
    enum Reply: Sendable {
        /// A whole answer.
        case answer(Int, String)
        /// Chunks of a watch, then its end.
        case watch([String])
        /// Chunks of a watch that then stays open and silent.
        case open([String])
        /// Chunks of a watch whose connection then breaks within a chunk.
        case broken([String])
    }

    private let server: StubServer

    init(_ replies: [Reply]) throws {
        let queue = Queue(replies)
        server = try StubServer { connection in
            while connection.readRequest() != nil {
                guard let reply = queue.next() else { return connection.waitForClose() }
                if !Self.serve(reply, connection) { return }
            }
        }
    }

    private final class Queue: Sendable {
        private let replies: Mutex<[Reply]>

        init(_ replies: [Reply]) { self.replies = Mutex(replies) }

        func next() -> Reply? { replies.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    /// Serves one reply; false when the connection is over with it.
    private static func serve(_ reply: Reply, _ connection: StubConnection) -> Bool {
        switch reply {
        case .answer(let status, let text): return connection.send(StubAnswer(status, text).bytes)
        case .watch(let chunks):
            sendChunks(chunks, connection)
            return connection.send("0\r\n\r\n")
        case .open(let chunks):
            sendChunks(chunks, connection)
            connection.waitForClose()
            return false
        case .broken(let chunks):
            sendChunks(chunks, connection)
            connection.send("ff\r\n{\"type")
            return false
        }
    }

    private static func sendChunks(_ chunks: [String], _ connection: StubConnection) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for chunk in chunks {
            connection.send("\(String(chunk.utf8.count, radix: 16))\r\n\(chunk)\r\n")
            connection.pause(milliseconds: 5)
        }
    }

    /// The requests so far: `GET /api/v1/pods?limit=500`.
    var requests: [String] { server.requests.map { "\($0.method) \($0.path)" } }

    /// The values of a header field of the requests so far.
    func headers(_ name: String) -> [String?] { server.requests.map { $0[header: name] } }

    /// The bodies of the requests so far.
    var bodies: [String] { server.requests.map(\.text) }

    func client(tokenFile: String? = nil, _ change: (inout KubernetesTiming) -> Void = { _ in }) throws
        -> KubernetesClient
    {
        var timing = KubernetesTiming()
        timing.firstPause = .milliseconds(1)
        timing.longestPause = .milliseconds(20)
        timing.span = 300...300
        change(&timing)
        return KubernetesClient(
            try KubernetesConfiguration(server: server.url, tokenFile: tokenFile), timing: timing,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
