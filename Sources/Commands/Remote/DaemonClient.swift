import CNIProtocol
import HTTPTransfer
import LinuxSystem

/// The daemon's REST API as the commands use it.
struct DaemonClient {
    let settings: Settings
    let console: Console

    /// Reads a document.
    func get(_ path: String) async throws(CommandError) -> JSONValue { try await exchange("GET", path, nil) }

    /// Sends a document.
    @discardableResult
    func post(_ path: String, _ body: JSONValue) async throws(CommandError) -> JSONValue {
        try await exchange("POST", path, body.bytes)
    }

    /// Removes what a path names.
    @discardableResult
    func delete(_ path: String) async throws(CommandError) -> JSONValue { try await exchange("DELETE", path, nil) }

    private func exchange(_ method: String, _ path: String, _ body: [UInt8]?) async throws(CommandError) -> JSONValue {
        let client = HTTPClient()
        defer { client.shutdown() }
        let headers = [("Accept", "application/json")] + (body == nil ? [] : [("Content-Type", "application/json")])
        let request = HTTPRequest(
            method: method, url: settings.rootURL + path, headers: headers, body: body, timeout: .seconds(30))
        let start = Clock.monotonicNanoseconds()
        let response: HTTPResponse
        do throws(HTTPTransferError) {
            response = try await client.send(request)
        } catch {
            throw CommandError(error, rootURL: settings.rootURL)
        }
        if settings.isVerbose {
            let milliseconds = (Clock.monotonicNanoseconds() - start) / 1_000_000
            console.printError("\(method) \(request.url): \(response.status) in \(milliseconds) ms")
        }
        return try document(of: response, to: "\(method) \(request.url)")
    }

    private func document(of response: HTTPResponse, to operation: String) throws(CommandError) -> JSONValue {
        let body: JSONValue?
        do throws(JSONError) {
            body = response.body.isEmpty ? .null : try JSONValue(parsing: response.body)
        } catch {
            guard !(200..<300).contains(response.status) else {
                throw CommandError("\(operation): the answer is not JSON: \(error)")
            }
            body = nil
        }
        guard (200..<300).contains(response.status), let body else { throw refusal(response.status, body, operation) }
        return body
    }

    /// The daemon's own sentence, or that there was none.
    private func refusal(_ status: Int, _ body: JSONValue?, _ operation: String) -> CommandError {
        if let details = body?["details"]?.stringValue, !details.isEmpty {
            return CommandError("\(details) (status \(status))")
        }
        return CommandError("\(operation): the daemon answered with status \(status)")
    }
}

extension String {
    /// The text as one part of a URL's path: everything but unreserved characters (RFC 3986 section 2.3) as %XX.
    var asPathPart: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
