/// How long to wait before the next attempt: nothing, then 50 ms, doubling up to three seconds, and a random part of
/// it taken off so that many clients do not come back at once.
struct Retreat: Sendable {
    static let first = Duration.milliseconds(50)
    static let longest = Duration.seconds(3)

    /// Attempts that failed in a row.
    private(set) var failures = 0

    mutating func succeeded() { failures = 0 }

    mutating func failed() { failures += 1 }

    /// The pause before the next attempt; `free` attempts have none.
    func pause(free: Int, random: Double = .random(in: 0.5...1)) -> Duration {
        guard failures > free else { return .zero }
        let doublings = min(failures - free - 1, 10)
        return min(Self.first * (1 << doublings), Self.longest) * random
    }
}
