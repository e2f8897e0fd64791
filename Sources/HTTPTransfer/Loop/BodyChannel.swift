import Synchronization

/// Hands chunks from the transfer's thread to one reader, and asks for a pause when the reader falls behind.
final class BodyChannel: Sendable {
    typealias Step = Result<[UInt8]?, HTTPTransferError>

    private struct State {
        var chunks: [[UInt8]] = []
        var buffered = 0
        var isPaused = false
        var end: Result<Void, HTTPTransferError>?
        var reader: CheckedContinuation<Step, Never>?

        /// Everything that waits, as one chunk.
        mutating func takeAll() -> [UInt8] {
            var whole: [UInt8] = []
            whole.reserveCapacity(buffered)
            for chunk in chunks { whole += chunk }
            chunks.removeAll(keepingCapacity: true)
            buffered = 0
            return whole
        }
    }

    /// How many bytes may wait for the reader before the server has to.
    private static let limit = 1 << 20

    let ticket: TransferTicket
    private let state = Mutex(State())

    init(ticket: TransferTicket) { self.ticket = ticket }

    /// Takes a chunk, or refuses it because too much is waiting; the same chunk is to be offered again on resumption.
    func offer(_ chunk: [UInt8]) -> Bool {
        let (isTaken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Step, Never>?) in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            guard state.buffered < Self.limit else {
                state.isPaused = true
                return (false, nil)
            }
            state.chunks.append(chunk)
            state.buffered += chunk.count
            return (true, nil)
        }
        reader?.resume(returning: .success(chunk))
        return isTaken
    }

    /// Ends the body; what waits is still read.
    func finish(_ end: Result<Void, HTTPTransferError>) {
        let reader = state.withLock { state in
            if state.end == nil { state.end = end }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: end.map { nil })
    }

    /// The next chunk, nil at the end.
    func next() async throws(HTTPTransferError) -> [UInt8]? {
        let step: Step = await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                if let step = take(or: reader) { reader.resume(returning: step) }
            }
        } onCancel: {
            ticket.cancel()
        }
        return try step.get()
    }

    /// What there is at once; nil when the reader was kept to be answered later.
    private func take(or reader: CheckedContinuation<Step, Never>) -> Step? {
        let (step, resumes) = state.withLock { state -> (Step?, Bool) in
            if !state.chunks.isEmpty {
                defer { state.isPaused = false }
                return (.success(state.takeAll()), state.isPaused)
            }
            if let end = state.end { return (end.map { nil }, false) }
            guard state.reader == nil else { return (.failure(Self.secondReader), false) }
            state.reader = reader
            return (nil, false)
        }
        if resumes { ticket.resume() }
        return step
    }

    private static let secondReader = HTTPTransferError(
        operation: "read body", code: .other, message: "another task is reading it")
}
