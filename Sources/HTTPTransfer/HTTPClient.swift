/// Sends requests over HTTP/1.1 and keeps connections for those to come.
///
/// libcurl does the work on one thread of its own, which starts with the first request. HTTP/2 is left out on purpose:
/// the libcurl of Debian 12 loses every second request on a reused connection.
public final class HTTPClient: Sendable {
    private let loop = TransferLoop()

    /// A client without connections.
    public init() {}

    deinit { loop.stop() }

    /// Sends a request and awaits the whole answer; cancelling the task ends the exchange.
    public func send(_ request: HTTPRequest) async throws(HTTPTransferError) -> HTTPResponse {
        let ticket = TransferTicket(loop: loop)
        let result: Result<HTTPResponse, HTTPTransferError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(ticket, request, .whole { continuation.resume(returning: $0) })
            }
        } onCancel: {
            ticket.cancel()
        }
        return try result.get()
    }

    /// Sends a request and awaits the head of the answer; the body comes chunk by chunk as the server sends it.
    ///
    /// The exchange ends when the body is let go of, or when a task that awaits a chunk is cancelled.
    public func stream(
        _ request: HTTPRequest
    ) async throws(HTTPTransferError) -> (head: HTTPResponseHead, body: HTTPBody) {
        let ticket = TransferTicket(loop: loop)
        let channel = BodyChannel(ticket: ticket)
        let result: Result<HTTPResponseHead, HTTPTransferError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(ticket, request, .stream(channel) { continuation.resume(returning: $0) })
            }
        } onCancel: {
            ticket.cancel()
        }
        return (head: try result.get(), body: HTTPBody(channel))
    }

    /// Ends every exchange with code `cancelled` and closes the connections; later requests fail at once.
    public func shutdown() { loop.stop() }
}
