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
        let date = response[header: "Date"].flatMap(seconds(ofDate:))
        return Inquiry(
            status: response.status, body: response.body, took: took,
            clockOffset: date.map { $0 - Clock.wallSeconds() })
    }

    /// Seconds since 1970 of `Sat, 21 Nov 2026 08:14:04 GMT` (RFC 9110 section 5.6.7); nil for another form.
    static func seconds(ofDate text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == ":" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 8, words[7] == "GMT", let day = Int64(words[1]),
            let month = months.firstIndex(of: String(words[2])).map({ Int64($0) + 1 }), let year = Int64(words[3]),
            let hour = Int64(words[4]), let minute = Int64(words[5]), let second = Int64(words[6])
        else { return nil }
        // Days since 1970 in the proleptic Gregorian calendar, years from March on.
        let from = month <= 2 ? year - 1 : year
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = 365 * from + from / 4 - from / 100 + from / 400 + ofYear - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
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
