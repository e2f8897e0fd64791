import Histogram

/// What all blocks of one subject, verb and concurrency gave.
struct Series {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private var wall: UInt64 = 0
    private(set) var count = 0

    /// Adds one block.
    ///
    /// - Parameter wall: nanoseconds from its first start to the point that ends it.
    mutating func add(_ spans: [Span], wall: UInt64) {
        for span in spans { histogram.record(span.ended - span.started) }
        count += spans.count
        self.wall += wall
    }

    /// In milliseconds.
    func percentile(_ percentile: Double) -> Double {
        Double(histogram.valueAtPercentile(percentile)) / 1e6
    }

    /// In milliseconds.
    var maximum: Double { Double(histogram.max) / 1e6 }

    /// Steps a second over the whole time of all blocks.
    var rate: Double { wall == 0 ? 0 : Double(count) * 1e9 / Double(wall) }
}

/// One row of the results, and one object of pod-churn.json.
struct Row: Codable, Sendable {
    struct Key: Hashable, Sendable {
        let subject: String
        let verb: Verb
        let concurrency: Int
    }

    let subject: String
    let verb: Verb
    let concurrency: Int
    let n: Int
    let p50: Double
    let p90: Double
    let p99: Double
    let maximum: Double
    let rate: Double

    enum CodingKeys: String, CodingKey {
        case subject, verb, concurrency, n
        case p50 = "p50_ms"
        case p90 = "p90_ms"
        case p99 = "p99_ms"
        case maximum = "max_ms"
        case rate = "rate_per_s"
    }

    init(_ key: Key, _ series: Series) {
        subject = key.subject
        verb = key.verb
        concurrency = key.concurrency
        n = series.count
        p50 = Self.rounded(series.percentile(50))
        p90 = Self.rounded(series.percentile(90))
        p99 = Self.rounded(series.percentile(99))
        maximum = Self.rounded(series.maximum)
        rate = Self.rounded(series.rate)
    }

    private static func rounded(_ value: Double) -> Double {
        (value * 1000).rounded() / 1000
    }
}
