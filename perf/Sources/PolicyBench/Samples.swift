import CFloor

/// Times of the same step, in milliseconds.
struct Samples {
    private var values: [Double] = []

    /// Adds a value.
    mutating func add(_ value: Double) { values.append(value) }

    /// Runs a step and adds how long it took.
    @discardableResult
    mutating func time<Value>(_ step: () throws -> Value) rethrows -> Value {
        let start = floor_now()
        let value = try step()
        values.append(Self.milliseconds(since: start))
        return value
    }

    /// The value that so many percent of all are at most.
    func percentile(_ percent: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let place = Int((percent / 100 * Double(values.count)).rounded(.up)) - 1
        return values.sorted()[min(max(place, 0), values.count - 1)]
    }

    var median: Double { percentile(50) }

    /// p50 and p99 as two results.
    func measures(_ topic: String, _ subject: String, _ size: Int) -> [Measure] {
        [
            Measure(topic + ", p50", subject, size, percentile(50), "ms"),
            Measure(topic + ", p99", subject, size, percentile(99), "ms"),
        ]
    }

    static func milliseconds(since start: UInt64) -> Double { Double(floor_now() - start) / 1e6 }
}
