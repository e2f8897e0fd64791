import LinuxSystem
import Logging
import StubServer
import Synchronization

@testable import AWS

/// A service of AWS whose answers a test queues; the last one is given again and again.
final class StubAWS: Sendable {
    /// What one request is answered with.
    enum Reply: Sendable {
        /// A whole answer.
        case answer(Int, String)
        /// A whole answer that says when it was given, as `Date` has it.
        case dated(String, Int, String)
        /// Half of an answer, whose connection then breaks.
        case half(String)
        /// Nothing, for as long as the client waits.
        case silence
    }

    let server: StubServer
    var url: String { server.url }

    init(_ replies: [Reply]) throws {
        let queue = Mutex(replies)
        server = try StubServer { connection in
            while connection.readRequest() != nil {
                let reply = queue.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
                switch reply {
                case .answer(let status, let text)?: connection.send(StubAnswer(status, text).bytes)
                case .dated(let date, let status, let text)?:
                    connection.send(StubAnswer(status, text, headers: [("Date", date)]).bytes)
                case .half(let text)?:
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count * 2)\r\n\r\n\(text)")
                    return
                case .silence?, nil: return connection.waitForClose()
                }
            }
        }
    }

    /// Answers of status 200.
    convenience init(_ texts: String...) throws { try self.init(texts.map { .answer(200, $0) }) }

    /// The forms that were sent, in order.
    var forms: [[String: String]] {
        server.requests.map { request in
            Dictionary(
                request.text.split(separator: "&").map { pair in
                    let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
                    return (sides[0], sides.count > 1 ? Self.decoded(sides[1]) : "")
                }, uniquingKeysWith: { $1 })
        }
    }

    /// A client of it that does not wait long.
    func client(
        _ more: [String: String] = [:], isDryRun: Bool = false, attempts: Int = 5,
        logger: Logger = Logger(label: "test")
    ) -> EC2Client {
        Self.client(of: url, more, isDryRun: isDryRun, attempts: attempts, logger: logger)
    }

    /// A client of whatever is there, which does not wait long.
    static func client(
        of url: String, _ more: [String: String] = [:], isDryRun: Bool = false, attempts: Int = 5, logger: Logger
    ) -> EC2Client {
        let variables = [
            "AWS_ENDPOINT_URL_EC2": url, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
        ].merging(more) { $1 }
        var timing = AWSTiming()
        timing.patience = .seconds(1)
        timing.attempts = attempts
        timing.firstPause = .milliseconds(1)
        timing.longestPause = .milliseconds(2)
        return EC2Client(
            AWSConfiguration(isDryRun: isDryRun, environment: { variables[$0] }, timing: timing), logger: logger)
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An error as EC2 says it.
func refusal(_ code: String, _ message: String = "No.") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors>\
    <RequestID>req-1</RequestID></Response>
    """
}
