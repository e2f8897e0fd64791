import CNIProtocol
import Duties
import HTTPTypes
import Hummingbird
import Logging

/// Serves metrics and health over HTTP: `/metrics` (and `/`, as the original did), `/healthz`, `/readyz`, and the state
/// of the node as `/v1/node`.
struct HealthServer: Sendable {
    let host: String
    let port: Int
    let inbox: DataplaneInbox
    let board: DutyBoard
    let installation: InstallationBoard
    let logger: Logger

    /// Serves until the task is cancelled; a port that is taken is logged and does not stop the agent.
    func run() async {
        let router = Router()
        for path in ["/", "/metrics"] {
            router.get(RouterPath(path)) { _, _ in
                Self.page(
                    .ok, await inbox.report().metrics + board.metrics + installation.metrics,
                    "text/plain; version=0.0.4; charset=utf-8")
            }
        }
        // The dataplane thread has to answer for either; a stuck one makes the probe time out.
        router.get("/healthz") { _, _ in
            _ = await inbox.report()
            return Self.page(.ok, "ok\n", "text/plain")
        }
        router.get("/readyz") { _, _ in
            let problem = await inbox.report().problem
            let lines = [problem ?? "ok"] + installation.warnings
            return Self.page(
                problem == nil ? .ok : .serviceUnavailable, lines.map { $0 + "\n" }.joined(), "text/plain")
        }
        router.get("/v1/node") { _, _ in
            let text = String(decoding: await inbox.report().json.bytes, as: UTF8.self)
            return Self.page(.ok, text + "\n", "application/json")
        }
        router.get("/v1/policy") { request, _ in
            let parameters = request.uri.queryParameters
            do {
                let question = try PolicyQuestion { parameters[Substring($0)].map { String($0) } }
                let answer = question.answer(await inbox.judge(question))
                return Self.page(.ok, String(decoding: answer.bytes, as: UTF8.self) + "\n", "application/json")
            } catch {
                return Self.page(.badRequest, "\(error)\n", "text/plain")
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)), logger: logger)
        do {
            try await application.run()
        } catch {
            logger.error("serve metrics and health on \(host) port \(port): \(error)")
        }
    }

    private static func page(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
