import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Daemon

@Suite struct StatusTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method = .post
        var path = "/hosts"
        var body: String?
        var headers: HTTPFields = [:]
        var status: Int
        var says = ""
        var testDescription: String { "\(method) \(path) \(body?.prefix(40) ?? "") \(status)" }
    }

    static let good = #"{"ip":"192.168.0.1","name":"n1"}"#
    static let cases: [Case] = [
        // Bodies.
        Case(body: "{", status: 400, says: "malformed json"), Case(body: "", status: 400, says: "empty"),
        Case(body: "[]", status: 400), Case(body: "null", status: 400),
        Case(body: #"{"name":"n1"}"#, status: 400, says: "field ip is missing"),
        Case(body: #"{"name":1,"ip":"192.168.0.1"}"#, status: 400, says: "field name"),
        Case(body: #"{"name":"n1","ip":"nowhere"}"#, status: 400, says: "nowhere"),
        Case(body: "\u{0}\u{1}", status: 400),
        Case(body: String(repeating: "[", count: 60_000), status: 400),
        Case(path: "/topology", body: nested(5000), status: 400),
        Case(body: "{\"name\":\"" + String(repeating: "x", count: 1 << 20) + "\"}", status: 413, says: "65536"),
        Case(
            path: "/policies", body: "\"" + String(repeating: "x", count: 1 << 20) + "\"", status: 413, says: "1048576"),
        Case(path: "/v1/hosts/n1/blocks", body: #"{"count":1}"#, status: 400, says: "field network is missing"),
        Case(path: "/v1/hosts/n1/blocks", body: #"{"network":"net","count":"1"}"#, status: 400, says: "field count"),
        Case(path: "/v1/hosts/n1/blocks", body: #"{"network":"net","count":1e99}"#, status: 400),
        Case(path: "/v1/hosts/n1/blocks", body: #"{"network":"net"}"#, status: 404, says: "n1"),
        Case(path: "/v1/hosts/n1/blocks", body: #"{"network":"net","request":"ä"}"#, status: 400, says: "ASCII"),
        Case(path: "/topology", body: #"{"networks":[{"name":"a","cidr":"10.0.0.0/33"}]}"#, status: 400),
        Case(
            path: "/topology",
            body: #"{"networks":[{"name":"a","cidr":"10.0.0.0/8"},{"name":"b","cidr":"10.1.0.0/16"}],"topologies":[]}"#,
            status: 400, says: "10.1.0.0/16"),
        // Media types.
        Case(body: good, headers: [.contentType: "application/json"], status: 200),
        Case(body: good, headers: [.contentType: "application/json; charset=utf-8"], status: 200),
        Case(body: good, headers: [.contentType: "Application/JSON;charset=\"UTF-8\""], status: 200),
        Case(body: good, headers: [.contentType: "application/vnd.romana.v1+json"], status: 200),
        Case(body: good, headers: [.contentType: "application/json; charset=utf-16"], status: 415),
        Case(body: good, headers: [.contentType: "application/x-www-form-urlencoded"], status: 415),
        Case(body: good, headers: [.contentType: "text/plain"], status: 415),
        Case(method: .get, headers: [.accept: "*/*"], status: 200),
        Case(method: .get, headers: [.accept: "application/json; charset=utf-8"], status: 200),
        Case(method: .get, headers: [.accept: "text/html, application/*;q=0.1"], status: 200),
        Case(method: .get, headers: [.accept: "text/plain"], status: 406, says: "text/plain"),
        Case(method: .get, headers: [.accept: "application/json;q=0"], status: 406),
        Case(method: .get, path: "/metrics", headers: [.accept: "text/plain"], status: 200),
        // Paths and methods.
        Case(method: .get, path: "/", status: 404), Case(method: .get, path: "/nothing", status: 404),
        Case(method: .get, path: "/hosts/", status: 200), Case(method: .get, path: "//hosts", status: 200),
        Case(method: .get, path: "/networks/other/blocks", status: 404, says: "other"),
        Case(method: .get, path: "/v1/hosts/n9", status: 404), Case(method: .delete, path: "/hosts/n9", status: 404),
        Case(method: .get, path: "/v1/hosts/%zz", status: 400), Case(method: .get, path: "/v1/hosts/%ff", status: 400),
        Case(method: .delete, path: "/v1/hosts/n1/blocks/junk", status: 400, says: "junk"),
        Case(method: .delete, path: "/v1/hosts/n1/blocks/10.0.0.0/29", status: 404),
        Case(method: .delete, status: 405), Case(method: .put, status: 405), Case(method: .patch, status: 405),
        Case(method: .post, path: "/networks", status: 405), Case(method: .get, path: "/hosts/n1", status: 405),
        Case(method: .delete, path: "/topology", status: 405),
        Case(method: HTTPRequest.Method("BREW") ?? .get, status: 405),
        Case(method: HTTPRequest.Method("BREW") ?? .get, path: "/nothing", status: 404),
        Case(method: .post, path: "/v1/hosts/n1/blocks/10.0.0.0/29", status: 405, says: "takes DELETE"),
        Case(method: .delete, path: "/hosts/n1?force=maybe", status: 400, says: "maybe"),
        Case(method: .delete, path: "/hosts/n1?force=", status: 400),
        Case(method: .delete, path: "/hosts/n1?force=true", status: 404),
        Case(method: .head, status: 200), Case(method: .head, path: "/nothing", status: 404),
    ]

    @Test(arguments: cases) func everyRequestGetsItsStatus(_ row: Case) async throws {
        try await withAPI { client, _ in
            let answer = try await client.send(row.method, row.path, row.body, headers: row.headers)
            #expect(answer.status == row.status, "\(answer.body)")
            guard row.status >= 400, row.method != .head else { return }
            #expect(answer.headers[.contentType] == "application/json")
            let error = try JSONBody.value(ErrorBody.self, from: answer.body.utf8, what: "the error")
            #expect(error.statusCode == row.status && !error.details.isEmpty)
            #expect(error.details.contains(row.says), "\(error.details)")
        }
    }

    @Test func aMethodThatAPathHasNotIsToldThoseItHas() async throws {
        try await withAPI { client, _ in
            let answer = try await client.send(.delete, "/hosts")
            #expect(answer.headers[.allow] == "GET, HEAD, POST")
        }
    }

    static func nested(_ depth: Int) -> String {
        let open = String(repeating: #"{"groups":["#, count: depth)
        let close = String(repeating: "]}", count: depth)
        return #"{"networks":[],"topologies":[{"networks":[],"map":["# + open + close + "]}]}"
    }
}
