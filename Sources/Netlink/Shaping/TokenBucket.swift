/// A limit of what passes in a second, with some saved up for bursts (`tc-tbf(8)`).
///
/// A packet needs as many tokens as it has bytes; tokens come at the rate and no more than a burst of them is kept.
/// Packets that find too few wait in a queue. One that is larger than the burst passes only if it can be cut up.
public struct TokenBucket: Hashable, Sendable {
    /// Bytes a second, from 1.
    public var rate: UInt64
    /// The most tokens that are saved up, in bytes, from 1.
    public var burst: UInt32
    /// How many bytes may wait; more are dropped.
    public var limit: UInt32

    /// A bucket of the given properties.
    public init(rate: UInt64, burst: UInt32, limit: UInt32) {
        self.rate = rate
        self.burst = burst
        self.limit = limit
    }
}

extension TokenBucket: CustomStringConvertible {
    /// As `tc` takes it.
    public var description: String { "tbf rate \(rate)bps burst \(burst)b limit \(limit)b" }
}
