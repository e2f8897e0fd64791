import Duties
import Etcd
import HTTPTypes
import Hummingbird
import Logging

/// Metrics and health of an agent that carries duties only: `/metrics`, `/healthz`, `/readyz`.
struct CarrierHealth: Sendable {
    let settings: CarrierSettings
    let etcd: EtcdClient
    let board: DutyBoard
    let logger: Logger

    /// Serves until the task is cancelled; a port that is taken is logged and stops nothing.
    func run() async {
        let router = Router()
        for path in ["/", "/metrics"] {
            router.get(RouterPath(path)) { _, _ in
                Self.page(.ok, board.metrics, "text/plain; version=0.0.4; charset=utf-8")
            }
        }
        router.get("/healthz") { _, _ in Self.page(.ok, "ok\n", "text/plain") }
        router.get("/readyz") { _, _ in
            let problem = Self.problem(etcd.isConnected, settings.duties.names, board.standings)
            return Self.page(problem == nil ? .ok : .serviceUnavailable, (problem ?? "ok") + "\n", "text/plain")
        }
        let host = settings.metricsHost
        let port = settings.metricsPort
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)), logger: logger)
        do {
            try await application.run()
        } catch {
            logger.error("serve metrics and health on \(host) port \(port): \(error)")
        }
    }

    /// Why it is no candidate for all of its duties; nil when it is.
    static func problem(
        _ isConnected: Bool, _ duties: [String], _ standings: [String: Election.Standing]
    ) -> String? {
        guard isConnected else { return "etcd has not been reached" }
        let missing = duties.filter { (standings[$0]?.candidates ?? 0) == 0 }
        return missing.isEmpty ? nil : "not a candidate yet for \(missing.joined(separator: ", "))"
    }

    private static func page(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
