import LinuxSystem

/// One exchange under way, what libcurl is told and what has come back so far; lives on the loop's thread.
final class Transfer {
    let id: ObjectIdentifier
    let request: HTTPRequest
    let easy: EasyHandle
    /// The moment by which a stream must have its head; whole exchanges are timed by libcurl.
    private(set) var headDeadline: UInt64?
    var head = ResponseHeadReader()
    var body: [UInt8] = []
    /// Why a callback broke the transfer off, which libcurl reports only as a failed write.
    var refusal: HTTPTransferError?

    /// Keeps the ticket alive, so that no other object takes its identity.
    private let ticket: TransferTicket
    private var sink: TransferSink?
    private let channel: BodyChannel?

    init(
        id: ObjectIdentifier, ticket: TransferTicket, request: HTTPRequest, sink: TransferSink
    ) throws(HTTPTransferError) {
        guard let easy = EasyHandle() else {
            throw HTTPTransferError(operation: request.operation, code: .other, message: "libcurl has no memory")
        }
        self.id = id
        self.ticket = ticket
        self.request = request
        self.sink = sink
        self.easy = easy
        if case .stream(let channel, _) = sink {
            self.channel = channel
            headDeadline = Clock.monotonicNanoseconds() &+ UInt64(clamping: request.timeout.milliseconds * 1_000_000)
        } else {
            channel = nil
        }
        try configure(isStream: channel != nil)
    }

    func error(_ code: HTTPTransferError.Code, _ message: String) -> HTTPTransferError {
        HTTPTransferError(operation: request.operation, code: code, message: message)
    }

    /// The head is complete: a stream's asker goes on from here.
    func headArrived() {
        guard case .stream(_, let answer) = sink, let head = head.head else { return }
        headDeadline = nil
        sink = nil
        answer(.success(head))
    }

    /// Takes a piece of the body; nil asks libcurl to keep it until the transfer is resumed.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        if let channel { return channel.offer(Array(bytes)) ? true : nil }
        guard body.count + bytes.count <= request.maximumBodySize else {
            refusal = error(.tooLarge, "the answer is longer than \(request.maximumBodySize) bytes")
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// Answers whoever still waits; called once, when libcurl has let go of the transfer.
    func finish(_ outcome: Result<Void, HTTPTransferError>) {
        let waiting = sink
        sink = nil
        switch (outcome, head.head) {
        case (.success, nil): waiting?.fail(error(.closed, "an answer without a head"))
        case (.success, let head?):
            if case .whole(let answer) = waiting { answer(.success(HTTPResponse(head: head, body: body))) }
            channel?.finish(.success(()))
        case (.failure(let error), _):
            waiting?.fail(error)
            channel?.finish(.failure(error))
        }
    }

    func isLate(_ now: UInt64) -> Bool { headDeadline.map { $0 <= now } ?? false }

    var lateError: HTTPTransferError { error(.timeout, "no answer within \(request.timeout)") }
}

extension Duration {
    /// Whole milliseconds, at least one, since zero means for ever to libcurl.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? 1 << 40 : max(1, min(1 << 40, Int(whole) + Int(attoseconds / 1_000_000_000_000_000)))
    }
}
