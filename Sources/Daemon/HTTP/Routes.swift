import HTTPTypes
import Hummingbird

/// The paths of the API; every path answers every method, those it does not have with 405.
struct Routes {
    /// What answers a request once it is routed.
    typealias Handler = @Sendable (Request, RequestScope) async throws -> Response

    /// The methods of RFC 9110 and PATCH; any other is answered as an unknown path is.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect]

    private var handlers: [(path: String, method: HTTPRequest.Method, handler: Handler)] = []

    /// Adds what answers `method` on `path`, a pattern of Hummingbird's with `:name` for a parameter.
    mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        handlers.append((path, method, handler))
    }

    /// Puts the paths into `router`; each request is given up after `deadline`.
    func install(in router: Router<RequestScope>, deadline: Duration) {
        for (path, method, handler) in handlers {
            router.on(RouterPath(path), method: method) { request, scope in
                let late = DaemonError(.unavailable, "answer \(request.uri.path): not done within \(deadline)")
                return try await within(deadline, else: late) { try await handler(request, scope) }
            }
        }
        for path in Set(handlers.map(\.path)) {
            var allowed = Set(handlers.filter { $0.path == path }.map(\.method))
            if allowed.contains(.get) { allowed.insert(.head) }
            let allow = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { request, _ -> Response in
                    let details = "\(method.rawValue) \(request.uri.path): the path takes \(allow)"
                    throw DaemonError(.method(allow: allow), details, type: "URI", id: request.uri.path)
                }
            }
        }
    }
}
