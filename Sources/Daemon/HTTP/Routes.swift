import HTTPTypes
import Hummingbird

/// The paths of the API; methods that a path does not have are answered with 405.
struct Routes: Sendable {
    /// What answers a request once it is routed.
    typealias Handler = @Sendable (Request, RequestScope) async throws -> Response

    /// One method of one path.
    struct Route: Sendable {
        /// A pattern of Hummingbird's with `:name` for a parameter.
        var path: String
        var method: HTTPRequest.Method
        var operation: Operation
        var handler: Handler
    }

    /// Every route, in the order they were added.
    private(set) var all: [Route] = []

    /// Adds what answers `method` on `path`.
    mutating func on(
        _ method: HTTPRequest.Method, _ path: String, _ operation: Operation, _ handler: @escaping Handler
    ) {
        all.append(Route(path: path, method: method, operation: operation, handler: handler))
    }

    /// Adds what answers a GET with a value as JSON, 406 when the client takes none.
    mutating func get<Body: Encodable & SendableMetatype>(
        _ path: String, _ operation: Operation, _ body: @escaping @Sendable (RequestScope) async throws -> Body
    ) {
        on(.get, path, operation) { request, scope in
            try API.checkAccept(request)
            return try JSONBody.response(try await body(scope))
        }
    }

    /// Puts the paths into `router`; each request is given up after `deadline`, and let in by `gate`.
    func install(in router: Router<RequestScope>, deadline: Duration, gate: Gate) {
        for route in all {
            let isOpen = route.operation.isOpen
            router.on(RouterPath(route.path), method: route.method) { request, scope in
                if !isOpen { try gate.admit(request) }
                let late = DaemonError(.unavailable, "answer \(request.uri.path): not done within \(deadline)")
                return try await within(deadline, else: late) { try await route.handler(request, scope) }
            }
        }
    }

    /// The methods of a path that is asked for, in order; none when there is no such path.
    func methods(ofPath path: String) -> [String] {
        let segments = path.split(separator: "/")
        var methods: Set<HTTPRequest.Method> = []
        for route in all where Self.matches(route.path.split(separator: "/"), segments) { methods.insert(route.method) }
        if methods.contains(.get) { methods.insert(.head) }
        return methods.map(\.rawValue).sorted()
    }

    private static func matches(_ pattern: [Substring], _ segments: [Substring]) -> Bool {
        pattern.count == segments.count && zip(pattern, segments).allSatisfy { $0.first == ":" || $0 == $1 }
    }
}
