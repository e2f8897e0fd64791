import CNIProtocol
import HTTPTypes
import Hummingbird

/// The answer to a question for health: lines for people, or JSON for those who ask for it.
struct HealthPage {
    /// What the answer's first line says when all is well.
    let checks: [HealthCheck]

    /// 200, or 503 when something failed.
    var status: HTTPResponse.Status { checks.failure == nil ? .ok : .serviceUnavailable }

    /// `ok` or why not, and then a line for each check.
    var text: String {
        (["\(checks.failure.map { "not ready: \($0)" } ?? "ok")"] + checks.map(\.line)).joined(separator: "\n") + "\n"
    }

    /// The same for programs.
    var json: JSONValue {
        [
            "status": .string(checks.failure == nil ? "ok" : "not ready"),
            "problem": checks.failure.map { .string($0) } ?? .null, "checks": .array(checks.map(\.json)),
        ]
    }

    /// The page in the form that a request asks for: by `?format=json`, `?format=text`, or its Accept header.
    func response(to request: Request) -> Response {
        let format = request.uri.queryParameters["format"].map { String($0) }
        let accept = request.headers[.accept] ?? ""
        let isJSON = format == "json" || (format == nil && accept.contains("application/json"))
        let body = isJSON ? String(decoding: json.bytes, as: UTF8.self) + "\n" : text
        return Response(
            status: status, headers: [.contentType: isJSON ? "application/json" : "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
