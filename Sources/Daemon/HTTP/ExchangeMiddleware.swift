import HTTPTypes
import Hummingbird
import NIOCore

/// Tells the clock of the connection when a request begins and when its answer is written.
struct ExchangeMiddleware: RouterMiddleware {
    typealias Context = RequestScope

    func handle(
        _ request: Request, context: RequestScope, next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        guard let channel = context.channel else { return try await next(request, context) }
        channel.triggerUserOutboundEvent(ConnectionClock.Event.began, promise: nil)
        var response = try await next(request, context)
        let leavesBody = request.announcesBody && !(request.method.takesBody && response.status.kind == .successful)
        if leavesBody { response.headers[.connection] = "close" }
        let body = response.body
        let end: ConnectionClock.Event = leavesBody ? .endedEarly : .ended
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer { channel.triggerUserOutboundEvent(end, promise: nil) }
            try await body.write(writer)
        }
        return response
    }
}

extension HTTPRequest.Method {
    /// Whether a route of this method may have read the body.
    fileprivate var takesBody: Bool { self == .post || self == .delete }
}

extension Request {
    /// Whether the head says that a body follows.
    var announcesBody: Bool {
        headers[.transferEncoding] != nil || (headers[.contentLength].map { $0 != "0" } ?? false)
    }
}
