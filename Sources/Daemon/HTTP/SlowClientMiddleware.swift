import HTTPTypes
import Hummingbird
import NIOCore

/// Closes a connection on which one request and its answer take longer than `limit`, however busy it looks: a
/// client that trickles its body or its reading holds nothing for long. (One that is silent is cut by the idle
/// timeout of the server.)
struct SlowClientMiddleware: RouterMiddleware {
    typealias Context = RequestScope

    /// The most time for one request with its answer.
    var limit: TimeAmount = .seconds(30)
    /// How long what is left of an unread body is still taken in, so that the client sees the answer and not a reset.
    var linger: TimeAmount = .seconds(5)

    func handle(
        _ request: Request, context: RequestScope, next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        guard let channel = context.channel else { return try await next(request, context) }
        let timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            timer.cancel()
            throw error
        }
        let leavesBody = request.announcesBody && !(request.method == .post && response.status.kind == .successful)
        if leavesBody { response.headers[.connection] = "close" }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { [linger] writer in
            defer {
                timer.cancel()
                if leavesBody { _ = channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) } }
            }
            try await body.write(writer)
        }
        return response
    }
}

extension Request {
    /// Whether the head says that a body follows.
    var announcesBody: Bool {
        headers[.transferEncoding] != nil || (headers[.contentLength].map { $0 != "0" } ?? false)
    }
}
