import CNIProtocol
import HTTPTransfer
import LinuxSystem

/// One question to a server: its answer, how long it took, and how far its clock is from ours.
struct Inquiry: Sendable {
    let status: Int
    let body: [UInt8]
    /// Nanoseconds from question to answer.
    let took: UInt64
    /// Seconds that the server's clock is ahead of ours, give or take one; nil when it does not tell the time.
    let clockOffset: Int64?

    /// The answer as a document; null when it is none.
    var document: JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: body) } catch { return .null }
    }

    /// Such as `1.2 ms`.
    var tookText: String { "\(took / 1_000_000).\(took / 100_000 % 10) ms" }

    /// Asks.
    static func ask(
        _ url: String, _ client: HTTPClient, method: String = "GET", body: [UInt8]? = nil,
        headers: [(String, String)] = [], tls: HTTPTLS = HTTPTLS()
    ) async throws(HTTPTransferError) -> Inquiry {
        var headers = headers + [("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let start = Clock.monotonicNanoseconds()
        let response = try await client.send(
            HTTPRequest(method: method, url: url, headers: headers, body: body, timeout: .seconds(5), tls: tls))
        let took = Clock.monotonicNanoseconds() - start
        return Inquiry(
            status: response.status, body: response.body, took: took,
            clockOffset: response.date.map { $0 - Clock.wallSeconds() })
    }
}

extension Symptom {
    /// What a server's clock says of ours; nothing when it does not tell the time.
    static func clock(_ area: String, _ subject: String, _ inquiry: Inquiry) -> [Symptom] {
        guard let offset = inquiry.clockOffset else { return [] }
        let message = "\(abs(offset)) s \(offset < 0 ? "behind" : "ahead of") this node's"
        // Dates have whole seconds, and the question takes a moment.
        if abs(offset) <= 2 { return [.ok(area, "\(subject) clock", "as this node's")] }
        let advice = "set the clocks by one source (chronyd, systemd-timesyncd): certificates and tokens fail first"
        return [
            abs(offset) <= 30
                ? .warning(area, "\(subject) clock", message, do: advice)
                : .failed(area, "\(subject) clock", message, do: advice)
        ]
    }
}
