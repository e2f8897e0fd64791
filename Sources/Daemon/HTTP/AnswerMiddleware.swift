import HTTPTypes
import Hummingbird
import Logging

/// Turns every failure into the one error shape, and counts and logs every answer.
struct AnswerMiddleware: RouterMiddleware {
    typealias Context = RequestScope
    let metrics: Metrics
    let routes: Routes

    /// The methods that are counted by their names; clients could make up any number of others.
    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options]

    func handle(
        _ request: Request, context: RequestScope, next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let id = ExchangeID(of: request.headers)
        var logger = context.logger
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "request"] = "\(id)"
        var response: Response
        var refusal: DaemonError?
        do {
            response = try await ExchangeID.$current.withValue(id) { try await next(request, context) }
        } catch {
            let failure = daemonError(error, request)
            response = answer(to: failure, logger)
            refusal = failure
        }
        if let name = ExchangeID.header { response.headers[name] = "\(id)" }
        let took = ContinuousClock.now - start
        let status = Int(response.status.code)
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        metrics.answered(method: method, route: context.endpointPath ?? "none", status: status, took: took)
        var metadata: Logger.Metadata = [
            "method": "\(method)", "path": "\(request.uri.path)", "status": "\(status)", "took": "\(took)",
        ]
        if let refusal { metadata["details"] = "\(refusal.details)" }
        // Who changes something and is refused is heard of; who reads in vain is not.
        let isChange = [.post, .put, .delete, .patch].contains(request.method)
        logger.log(
            level: refusal != nil && isChange ? .info : .debug, refusal == nil ? "answered" : "refused",
            metadata: metadata)
        return response
    }

    private func answer(to error: DaemonError, _ logger: Logger) -> Response {
        if error.kind == .defect { logger.error("a request met a defect", metadata: ["details": "\(error.details)"]) }
        let status = HTTPResponse.Status(code: error.statusCode)
        let body = (try? JSONBody.bytes(ErrorBody(error))) ?? JSONBody.null
        var response = JSONBody.response(bytes: body, status: status)
        switch error.kind {
        case .method(let allow): response.headers[.allow] = allow
        case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer realm=\"romana\""
        case .unavailable: response.headers[.retryAfter] = "1"
        default: break
        }
        return response
    }

    private func daemonError(_ error: any Error, _ request: Request) -> DaemonError {
        switch error {
        case let error as DaemonError:
            error
        case let error as HTTPError where error.status == .notFound:
            notFound(request)
        case let error as HTTPError where error.status.kind == .clientError:
            DaemonError(.invalid, "read the request: \(error.body ?? error.status.reasonPhrase)")
        case is CancellationError:
            DaemonError(.unavailable, "answer \(request.uri.path): the daemon is shutting down")
        default:
            DaemonError(.defect, "answer \(request.uri.path): \(error)")
        }
    }

    /// No route was found: the path has not this method, or there is no such path.
    private func notFound(_ request: Request) -> DaemonError {
        let path = request.uri.path
        let allow = routes.methods(ofPath: path).joined(separator: ", ")
        guard allow.isEmpty else {
            let details = "\(request.method.rawValue) \(path): the path takes \(allow)"
            return DaemonError(.method(allow: allow), details, type: "URI", id: path)
        }
        return DaemonError(.missing, "find \(path): no such path", type: "URI", id: path)
    }
}
