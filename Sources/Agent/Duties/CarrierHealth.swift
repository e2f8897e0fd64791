import Duties
import Etcd
import HTTPTypes
import Hummingbird
import Logging
import Telemetry

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
                var page = PrometheusText()
                ProcessMetrics().add(to: &page)
                return Self.page(.ok, board.metrics + page.text, "text/plain; version=0.0.4; charset=utf-8")
            }
        }
        router.get("/healthz") { request, _ in HealthPage(checks: []).response(to: request) }
        router.get("/readyz") { request, _ in
            HealthPage(checks: Self.checks(etcd.isConnected, settings.duties.names, board.standings) + board.checks)
                .response(to: request)
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

    /// Whether etcd answers, and how it stands with each of its duties.
    static func checks(
        _ isConnected: Bool, _ duties: [String], _ standings: [String: Election.Standing]
    ) -> [HealthCheck] {
        let etcd = HealthCheck("etcd", isConnected ? .ok : .failed, isConnected ? "answers" : "has not been reached")
        return [etcd]
            + duties.map { duty in
                guard let standing = standings[duty], standing.candidates > 0 else {
                    return HealthCheck(duty, .failed, "not a candidate yet")
                }
                let holder = standing.holder.map { "a candidate; \($0) has it" } ?? "a candidate; nobody has it"
                return HealthCheck(duty, .ok, standing.isOwn ? "has it" : holder)
            }
    }

    /// How routes in a VPC stand, where they are this carrier's: trouble with the cloud is no reason to start anew.
    static func routes(_ report: VPCReport?) -> [HealthCheck] {
        guard let report else { return [] }
        let words = report.problem ?? report.findings.first
        return [HealthCheck("routes", words == nil ? .ok : .warning, words ?? "every table holds what it should")]
    }

    private static func page(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
