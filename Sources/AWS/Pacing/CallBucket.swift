/// How fast one action may be called: a bucket of tokens that fills at a rate which follows what AWS puts up with.
///
/// A call takes a token. When AWS says that it is too much, the bucket is empty and its rate half; the rate comes back
/// bit by bit with calls that are granted.
struct CallBucket: Hashable, Sendable {
    /// How much a bucket holds, and how fast it fills.
    struct Limits: Hashable, Sendable {
        /// Calls that may be made at once.
        var burst: Double
        /// Calls in a second, in the long run.
        var rate: Double
        /// What is left of the rate however often AWS says that it is too much.
        var lowest: Double = 0.5
    }

    let limits: Limits
    /// Calls in a second, as of now.
    private(set) var rate: Double
    private var tokens: Double
    private var filled: ContinuousClock.Instant

    init(_ limits: Limits, at now: ContinuousClock.Instant) {
        self.limits = limits
        rate = limits.rate
        tokens = limits.burst
        filled = now
    }

    /// Takes a token, and says how long to wait before the call: what the bucket lacks is owed.
    mutating func take(at now: ContinuousClock.Instant) -> Duration {
        fill(at: now)
        tokens -= 1
        return tokens >= 0 ? .zero : .seconds(-tokens / rate)
    }

    /// AWS said that it is too much.
    mutating func wasThrottled(at now: ContinuousClock.Instant) {
        fill(at: now)
        tokens = min(tokens, 0)
        rate = max(limits.lowest, rate / 2)
    }

    /// AWS granted a call.
    mutating func wasGranted(at now: ContinuousClock.Instant) {
        fill(at: now)
        rate = min(limits.rate, rate + limits.rate / 20)
    }

    private mutating func fill(at now: ContinuousClock.Instant) {
        let passed = filled.duration(to: now) / .seconds(1)
        guard passed > 0 else { return }
        tokens = min(limits.burst, tokens + passed * rate)
        filled = now
    }
}
