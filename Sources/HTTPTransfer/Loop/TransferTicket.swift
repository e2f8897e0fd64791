import Synchronization

/// What the asking side keeps of a transfer: it may cancel it, before or after the loop has begun it, or resume it.
final class TransferTicket: Sendable {
    private let loop: TransferLoop
    private let cancelled = Atomic(false)

    init(loop: TransferLoop) { self.loop = loop }

    /// Whether the transfer is not to be begun, or no longer wanted.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        if !cancelled.exchange(true, ordering: .acquiringAndReleasing) { loop.post(.cancel(ObjectIdentifier(self))) }
    }

    /// Goes on with a body that was paused because nobody read it.
    func resume() { loop.post(.resume(ObjectIdentifier(self))) }
}
