import Addresses
import HTTPTypes
import Hummingbird
import Topology

/// The daemon's REST API: paths and bodies of the original, and what agents and operators need under /v1.
struct API: Sendable {
    let cluster: Cluster
    let health: StoreHealth
    /// The longest that one request is worked on; its body may take half of it to arrive.
    var deadline = Duration.seconds(10)
    /// Who may ask.
    var gate = Gate()
    /// How many may ask at once.
    var crowd = Crowd(limit: 8192)

    /// What answers every request.
    func router() -> Router<RequestScope> {
        let router = Router(context: RequestScope.self, options: .autoGenerateHeadEndpoints)
        let routes = routes
        router.add(middleware: ExchangeMiddleware())
        router.add(middleware: AnswerMiddleware(metrics: cluster.metrics, routes: routes))
        router.add(middleware: crowd)
        routes.install(in: router, deadline: deadline, gate: gate)
        return router
    }

    /// Everything that is answered.
    var routes: Routes {
        var routes = Routes()
        addNetworks(to: &routes)
        addHosts(to: &routes)
        addBlocks(to: &routes)
        addTopology(to: &routes)
        addPolicies(to: &routes)
        addReservations(to: &routes)
        addVPC(to: &routes)
        addState(to: &routes)
        addDescription(to: &routes)
        return routes
    }

    /// Adds the description of all routes, itself among them.
    private func addDescription(to routes: inout Routes) {
        let operation = Operation(
            id: "describe", summary: "This description.", answer: .map(.anything), isOpen: true)
        // The description is made from the routes without it, and from a stand-in for itself.
        var described = routes
        described.get("/openapi.json", operation) { _ in JSONNode.null }
        let document = OpenAPIDocument(routes: described, needsToken: gate.tokens != nil).node
        routes.get("/openapi.json", operation) { _ in document }
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

    /// A query parameter that is true or false, false when left out.
    ///
    /// Throws an invalid request for any other value.
    static func flag(_ name: String, of request: Request) throws(DaemonError) -> Bool {
        let values = request.uri.queryParameters[values: Substring(name)].map(String.init)
        switch values.joined(separator: ",") {
        case "true": return true
        case "false": return false
        case "" where values.isEmpty: return false
        default:
            throw DaemonError(
                .invalid,
                "read the query of \(request.uri.path): \(name) is \"\(values.joined(separator: ","))\", "
                    + "it must be true or false", type: "URI", id: request.uri.path)
        }
    }

    /// A query parameter that is a number from 0, which it is when left out.
    ///
    /// Throws an invalid request for any other value.
    static func number(_ name: String, of request: Request) throws(DaemonError) -> UInt64 {
        let values = request.uri.queryParameters[values: Substring(name)].map(String.init)
        guard let text = values.first else { return 0 }
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard values.count == 1, isPlain, let number = Int64(text) else {
            throw DaemonError(
                .invalid,
                "read the query of \(request.uri.path): \(name) is \"\(values.joined(separator: ","))\", "
                    + "it must be a number from 0", type: "URI", id: request.uri.path)
        }
        return UInt64(number)
    }
}
