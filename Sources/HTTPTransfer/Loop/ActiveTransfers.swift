import CCurl
import CCurlShims
import LinuxSystem

/// The transfers under way; lives on the loop's thread and nowhere else.
final class ActiveTransfers {
    private let multi: MultiHandle
    private var transfers: [ObjectIdentifier: Transfer] = [:]

    init(multi: MultiHandle) { self.multi = multi }

    /// Begins, ends or resumes a transfer.
    func obey(_ order: TransferLoop.Order) {
        switch order {
        case .begin(let ticket, let request, let sink): begin(ticket, request, sink)
        case .cancel(let id):
            guard let transfer = transfers[id] else { return }
            end(transfer, .failure(transfer.error(.cancelled, "cancelled")))
        case .resume(let id):
            if let transfer = transfers[id] { curl_easy_pause(transfer.easy.pointer, CURLPAUSE_CONT) }
        }
    }

    /// Moves every transfer on as far as it goes, then waits for the network, an order or a deadline.
    func advance() {
        var running: Int32 = 0
        curl_multi_perform(multi.pointer, &running)
        var result = CURLE_OK
        while let easy = romana_curl_next_done(multi.pointer, &result) {
            guard let context = romana_curl_private(easy) else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            end(transfer, transfer.outcome(result))
        }
        let now = Clock.monotonicNanoseconds()
        for transfer in transfers.values where transfer.isLate(now) {
            end(transfer, .failure(transfer.lateError))
        }
        curl_multi_poll(multi.pointer, nil, 0, patience(now), nil)
    }

    /// Ends every transfer because the client is shut down.
    func endAll() {
        for transfer in transfers.values {
            end(transfer, .failure(transfer.error(.cancelled, "the HTTP client was shut down")))
        }
    }

    private func begin(_ ticket: TransferTicket, _ request: HTTPRequest, _ sink: TransferSink) {
        guard !ticket.isCancelled else {
            sink.fail(HTTPTransferError(operation: request.operation, code: .cancelled, message: "cancelled"))
            return
        }
        do throws(HTTPTransferError) {
            let transfer = try Transfer(id: ObjectIdentifier(ticket), ticket: ticket, request: request, sink: sink)
            guard curl_multi_add_handle(multi.pointer, transfer.easy.pointer) == CURLM_OK else {
                throw transfer.error(.other, "libcurl does not take the transfer")
            }
            transfers[transfer.id] = transfer
        } catch {
            sink.fail(error)
        }
    }

    private func end(_ transfer: Transfer, _ outcome: Result<Void, HTTPTransferError>) {
        curl_multi_remove_handle(multi.pointer, transfer.easy.pointer)
        transfers[transfer.id] = nil
        transfer.finish(outcome)
    }

    /// Milliseconds until the next deadline that is not libcurl's own.
    private func patience(_ now: UInt64) -> Int32 {
        let next = transfers.values.compactMap(\.headDeadline).min() ?? .max
        let wait = next > now ? (next - now) / 1_000_000 + 1 : 0
        return Int32(clamping: min(wait, 60_000))
    }
}
