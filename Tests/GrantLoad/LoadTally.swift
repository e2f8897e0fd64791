/// What one phase of a load came to.
public struct LoadTally: Sendable {
    /// How long it took, from the first request to the last answer, in seconds.
    public internal(set) var seconds = 0.0
    /// How many requests were answered with 200.
    public internal(set) var answered = 0
    /// How many had to be sent again: turned away, or the connection was lost.
    public internal(set) var repeated = 0
    /// From sending a request for the first time to its answer, in milliseconds; in order of answers.
    public internal(set) var latencies: [Double] = []
    /// When each host had all it asked for, in seconds from the start; in order of time.
    public internal(set) var finished: [Double] = []
    /// The refusals that ended a host's part.
    public internal(set) var refusals: [String] = []

    /// Answers for each second.
    public var rate: Double { seconds > 0 ? Double(answered) / seconds : 0 }

    /// The latency that so many per cent of requests did not exceed, in milliseconds.
    public func latency(percentile: Double) -> Double {
        guard !latencies.isEmpty else { return 0 }
        let sorted = latencies.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percentile / 100))]
    }
}
