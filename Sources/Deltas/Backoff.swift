/// How long to wait after each failure in a row: twice as long every time, up to a limit, shortened by chance.
public struct Backoff: Sendable, Hashable {
    /// The longest wait after the first failure.
    public let first: Duration
    /// The longest wait after any failure.
    public let cap: Duration
    /// How many failures there were since the last success.
    public private(set) var failures = 0

    /// Waits that begin at `first` and end at `cap`; a cap below the first wait is raised to it.
    public init(first: Duration, cap: Duration) {
        self.first = max(first, .zero)
        self.cap = max(cap, self.first)
    }

    /// The wait after `attempt` failures in a row, counted from 1; 0 and below wait not at all.
    ///
    /// - Parameter jitter: chance, 0 to 1: 1 gives the whole wait and 0 half of it, so that many who failed together
    ///   do not come back together.
    public func delay(attempt: Int, jitter: Double) -> Duration {
        guard attempt > 0 else { return .zero }
        // Past 2^62 the doubling would run over, and any cap was reached long before.
        let factor = 1 << min(attempt - 1, 62)
        let whole = first > cap / factor ? cap : first * factor
        return whole * (0.5 + 0.5 * min(max(jitter, 0), 1))
    }

    /// Counts a failure and says how long to wait before the next attempt; `jitter` as in ``delay(attempt:jitter:)``.
    public mutating func next(jitter: Double) -> Duration {
        failures += 1
        return delay(attempt: failures, jitter: jitter)
    }

    /// Forgets the failures, after a success.
    public mutating func reset() { failures = 0 }
}
