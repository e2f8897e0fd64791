import CNIProtocol

/// What the dataplane has done since it started.
struct DataplaneCounters: Sendable {
    /// How long requests of one verb took inside the agent, in the buckets of a Prometheus histogram.
    struct Durations: Sendable {
        /// Upper bounds in microseconds; one more bucket follows for what is longer.
        static let bounds: [UInt64] = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 64_000, 250_000, 1_000_000]
        var buckets = [UInt64](repeating: 0, count: bounds.count + 1)
        var sum: UInt64 = 0
        var count: UInt64 = 0

        mutating func record(_ nanoseconds: UInt64) {
            let microseconds = nanoseconds / 1_000
            buckets[Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count] += 1
            sum += microseconds
            count += 1
        }
    }

    /// Requests that succeeded, by verb.
    var served: [String: UInt64] = [:]
    /// Requests that were refused, by verb.
    var refused: [String: UInt64] = [:]
    /// Durations of ADD and DEL.
    var durations: [String: Durations] = [:]
    /// Links deleted.
    var reaped: UInt64 = 0
    /// Objects removed because nothing wanted them.
    var swept: UInt64 = 0
    /// Route operations that the kernel refused.
    var routesRefused: UInt64 = 0
    /// Batches in which several requests were served together.
    var sharedBatches: UInt64 = 0
    /// Connections that were cut for not keeping to the protocol.
    var badClients: UInt64 = 0

    mutating func record(_ verb: CNICommand, succeeded: Bool, nanoseconds: UInt64) {
        if succeeded {
            served[verb.rawValue, default: 0] += 1
        } else {
            refused[verb.rawValue, default: 0] += 1
        }
        if verb == .add || verb == .del { durations[verb.rawValue, default: Durations()].record(nanoseconds) }
    }
}
