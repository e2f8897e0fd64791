import Addresses
import Synchronization
import VPCRoutes

/// How hosts are, for whoever asks them and whoever plans by it.
final class HealthWard: Sendable {
    private let book: Mutex<HealthBook>
    private let news: AsyncStream<Void>.Continuation

    /// A ward kept on the host `own`; `news` is told of every change.
    init(own: String?, news: AsyncStream<Void>.Continuation) {
        book = Mutex(HealthBook(own: own))
        self.news = news
    }

    /// How they all are now.
    var now: HealthBook { book.withLock { $0 } }

    /// Takes in who was heard and who was not.
    func note(answered: [ProbeAnswer], missed: [ProbeSubject], at now: ContinuousClock.Instant) {
        change { book in
            for answer in answered { book.answered(answer, at: now) }
            for subject in missed { book.missed(subject, at: now) }
            book.judge(at: now)
        }
    }

    /// Changes what is known.
    func change(_ body: (inout HealthBook) -> Void) {
        let isNews = book.withLock { book in
            let before = book.changes
            body(&book)
            return book.changes != before
        }
        if isNews { news.yield() }
    }
}
