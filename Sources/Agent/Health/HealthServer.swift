import CNIProtocol
import HTTPTypes
import Hummingbird
import Logging

/// Serves metrics and health over HTTP: `/metrics` (and `/`, as the original did), `/healthz`, `/readyz`, and the state
/// of the node as `/v1/node`.
struct HealthServer: Sendable {
    let settings: AgentSettings
    let state: NodeState
    let logger: Logger

    private var inbox: DataplaneInbox { state.inbox }

    /// Serves until the task is cancelled; a port that is taken is logged and does not stop the agent.
    func run() async {
        let router = Router()
        for path in ["/", "/metrics"] {
            router.get(RouterPath(path)) { _, _ in
                let page =
                    await inbox.report().metrics(drops: state.drops) + state.board.metrics
                    + state.installation.metrics
                return Self.page(.ok, page, "text/plain; version=0.0.4; charset=utf-8")
            }
        }
        // The dataplane thread has to answer for either.
        router.get("/healthz") { request, _ in
            let checks = state.liveness(await inbox.report(within: NodeState.patience), settings)
            return HealthPage(checks: checks).response(to: request)
        }
        router.get("/readyz") { request, _ in
            let checks = state.readiness(await inbox.report(within: NodeState.patience), settings)
            return HealthPage(checks: checks).response(to: request)
        }
        router.get("/v1/node") { _, _ in
            let text = String(decoding: state.document(await inbox.report()), as: UTF8.self)
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
            router: router,
            configuration: .init(address: .hostname(settings.metricsHost, port: settings.metricsPort)), logger: logger)
        do {
            try await application.run()
        } catch {
            logger.error("serve metrics and health on \(settings.metricsHost) port \(settings.metricsPort): \(error)")
        }
    }

    private static func page(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
