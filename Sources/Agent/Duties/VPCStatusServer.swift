import CNIProtocol
import Duties
import HTTPTypes
import Hummingbird
import Logging

/// Serves how routes in the VPC stand, at the paths that the vpcrouter of old had: `/`, `/ips`, `/plugins`,
/// `/route_info`, `/vpc`.
struct VPCStatusServer: Sendable {
    let settings: CloudSettings
    let board: DutyBoard
    let logger: Logger

    /// The paths, with what they tell.
    static let pages: [(path: String, body: @Sendable (VPCReport?, String?) -> JSONValue)] = [
        ("/", VPCStatusPage.overview), ("/ips", VPCStatusPage.addresses), ("/plugins", VPCStatusPage.plugins),
        ("/route_info", VPCStatusPage.routes), ("/vpc", VPCStatusPage.tables),
    ]

    /// Serves until the task is cancelled; a port that is taken is logged and stops nothing.
    func run() async {
        guard settings.statusPort > 0 else { return }
        let router = Router()
        for (path, body) in Self.pages {
            router.get(RouterPath(path)) { _, _ in
                let text = String(
                    decoding: body(board.vpcRouter, board.standings[VPCRouter.dutyName]?.holder).bytes, as: UTF8.self)
                return Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
            }
        }
        let (host, port) = (settings.statusHost, settings.statusPort)
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port)), logger: logger)
        do {
            try await application.run()
        } catch {
            logger.error("serve the state of routes on \(host) port \(port): \(error)")
        }
    }
}
