import HTTPTypes
import Hummingbird
import NIOCore
import Release

/// What a daemon's health depends on, and how it is with it.
struct DaemonHealth: Encodable, Sendable {
    /// One thing that it depends on.
    struct Check: Encodable, Sendable {
        /// How it is with it.
        enum Outcome: String, CaseIterable, Encodable, Sendable { case ok, failed }

        var name: String
        var outcome: Outcome
        /// What is so, in words.
        var message: String
    }

    /// `ok` when all is well, else what a probe is told.
    var status = "ok"
    /// The daemon's.
    var version = Release.version
    var checks: [Check]

    /// What failed first; nil when nothing did.
    var failure: Check? { checks.first { $0.outcome == .failed } }

    /// A line for each, for people.
    var text: String {
        ([status] + checks.map { "\($0.outcome.rawValue) \($0.name): \($0.message)" }).joined(separator: "\n") + "\n"
    }

    /// The answer of a probe that it is well with, as the request wants it: JSON, or lines by `?format=text` or Accept.
    func response(to request: Request) throws(DaemonError) -> Response {
        let offered = MediaTypes.json.union(["text/plain"])
        try API.checkAccept(request, offered: offered)
        let format = request.uri.queryParameters["format"].map { String($0) }
        let isText = format.map { $0 == "text" } ?? !MediaTypes.accepts(request.headers[.accept])
        guard isText else { return try JSONBody.response(self) }
        return Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
