import CCurl
import LinuxSystem
import Synchronization

/// The way to the thread that owns libcurl: orders are put into its inbox, and it is woken.
///
/// The multi handle belongs to the thread; others use it for `curl_multi_wakeup` alone, which libcurl allows from any
/// thread, and only under the lock, so that it is never used once the thread has freed it.
final class TransferLoop: Sendable {
    enum Order {
        case begin(TransferTicket, HTTPRequest, TransferSink)
        case cancel(ObjectIdentifier)
        case resume(ObjectIdentifier)
    }

    private enum Phase {
        case idle
        case running(MultiHandle)
        case stopped
    }

    private struct Inbox {
        var phase = Phase.idle
        var orders: [Order] = []
    }

    private let inbox = Mutex(Inbox())

    /// Begins a transfer, whose sink is always answered, be it with an error.
    func submit(_ ticket: TransferTicket, _ request: HTTPRequest, _ sink: TransferSink) {
        let failure = inbox.withLock { inbox -> HTTPTransferError? in
            do throws(HTTPTransferError) {
                let multi = try started(&inbox, for: request)
                inbox.orders.append(.begin(ticket, request, sink))
                multi.wake()
                return nil
            } catch {
                return error
            }
        }
        if let failure { sink.fail(failure) }
    }

    /// Gives an order about a transfer; one that is over is passed by.
    func post(_ order: Order) {
        inbox.withLock { inbox in
            guard case .running(let multi) = inbox.phase else { return }
            inbox.orders.append(order)
            multi.wake()
        }
    }

    /// Ends every transfer and the thread.
    func stop() {
        inbox.withLock { inbox in
            if case .running(let multi) = inbox.phase { multi.wake() }
            inbox.phase = .stopped
        }
    }

    /// The orders since the last time, nil once the loop is to stop.
    private func takeOrders() -> [Order]? {
        inbox.withLock { inbox in
            guard case .running = inbox.phase else { return nil }
            defer { inbox.orders.removeAll(keepingCapacity: true) }
            return inbox.orders
        }
    }

    private func started(_ inbox: inout Inbox, for request: HTTPRequest) throws(HTTPTransferError) -> MultiHandle {
        switch inbox.phase {
        case .running(let multi): return multi
        case .stopped:
            throw HTTPTransferError(
                operation: request.operation, code: .cancelled, message: "the HTTP client was shut down")
        case .idle:
            do throws(SystemError) {
                let multi = try MultiHandle()
                _ = try NamedThread.start(name: "http") { [self] in run(multi) }
                inbox.phase = .running(multi)
                return multi
            } catch {
                throw HTTPTransferError(operation: request.operation, code: .other, message: "\(error)")
            }
        }
    }

    private func run(_ multi: MultiHandle) {
        let transfers = ActiveTransfers(multi: multi)
        while let orders = takeOrders() {
            for order in orders { transfers.obey(order) }
            transfers.advance()
        }
        transfers.endAll()
        // Orders that came between the last look and the stop must be answered too.
        let late = inbox.withLock { inbox in
            defer { inbox.orders = [] }
            return inbox.orders
        }
        for case .begin(_, let request, let sink) in late {
            sink.fail(
                HTTPTransferError(
                    operation: request.operation, code: .cancelled, message: "the HTTP client was shut down"))
        }
    }
}
