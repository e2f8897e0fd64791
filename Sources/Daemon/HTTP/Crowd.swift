import HTTPTypes
import Hummingbird
import Synchronization

/// Turns requests away while too many are under way, so that those that are in get done.
final class Crowd: RouterMiddleware {
    typealias Context = RequestScope

    /// The most requests that are worked on at once.
    let limit: Int
    private let present = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// How many requests are worked on now.
    var count: Int { present.load(ordering: .relaxed) }

    func handle(
        _ request: Request, context: RequestScope, next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        // Who asks how the daemon is must hear it above all when it is busy.
        guard !["/healthz", "/readyz", "/metrics"].contains(request.uri.path) else {
            return try await next(request, context)
        }
        let before = present.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { present.wrappingSubtract(1, ordering: .relaxed) }
        guard before < limit else {
            throw DaemonError(.unavailable, "answer \(request.uri.path): \(limit) requests are under way already")
        }
        return try await next(request, context)
    }
}
