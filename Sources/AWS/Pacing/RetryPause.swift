/// The waits between the attempts of one call: up to twice as long every time, shortened by chance.
struct RetryPause: Hashable, Sendable {
    private let timing: AWSTiming
    private var failures = 0

    init(_ timing: AWSTiming) { self.timing = timing }

    /// How long to wait after one more failure; nil when that was one too many.
    ///
    /// - Parameter jitter: chance, 0 to 1: the fraction of the longest wait of its kind that is waited, so that many who
    ///   failed together come back apart.
    mutating func next(jitter: Double) -> Duration? {
        failures += 1
        guard failures < timing.attempts else { return nil }
        let longest = min(timing.longestPause, timing.firstPause * (1 << min(failures - 1, 20)))
        return longest * min(max(jitter, 0), 1)
    }
}
