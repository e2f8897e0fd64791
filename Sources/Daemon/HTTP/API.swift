import Addresses
import HTTPTypes
import Hummingbird
import Topology

/// The daemon's REST API: paths and bodies of the original, and what agents need under /v1.
struct API: Sendable {
    let cluster: Cluster
    let health: StoreHealth
    /// The longest that one request is worked on; its body may take half of it to arrive.
    var deadline = Duration.seconds(10)
    /// What cuts clients that take too long.
    var slowClients = SlowClientMiddleware()

    /// What answers every request.
    func router() -> Router<RequestScope> {
        let router = Router(context: RequestScope.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: slowClients)
        router.add(middleware: AnswerMiddleware(metrics: cluster.metrics))
        routes.install(in: router, deadline: deadline)
        return router
    }

    private var routes: Routes {
        var routes = Routes()
        addNetworks(to: &routes)
        addHosts(to: &routes)
        addBlocks(to: &routes)
        addTopology(to: &routes)
        addState(to: &routes)
        return routes
    }

    /// Adds what answers a GET with a value as JSON, 406 when the client takes none.
    func get<Body: Encodable & SendableMetatype>(
        _ path: String, in routes: inout Routes, _ body: @escaping @Sendable (RequestScope) async throws -> Body
    ) {
        routes.on(.get, path) { request, scope in
            try Self.checkAccept(request)
            return try JSONBody.response(try await body(scope))
        }
    }

    /// Throws 406 when the client takes no JSON.
    static func checkAccept(_ request: Request, offered: Set<String> = MediaTypes.json) throws(DaemonError) {
        guard MediaTypes.accepts(request.headers[.accept], offered: offered) else {
            let accept = request.headers[.accept] ?? ""
            throw DaemonError(
                .notAcceptable,
                "answer \(request.uri.path): only \(offered.sorted().joined(separator: ", ")), not \(accept)")
        }
    }
}
