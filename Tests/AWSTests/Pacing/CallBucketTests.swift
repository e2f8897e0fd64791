import Testing

@testable import AWS

@Suite("How fast AWS is called")
struct CallBucketTests {
    private let start = ContinuousClock.now
    private let limits = CallBucket.Limits(burst: 10, rate: 2)

    @Test("A burst passes at once, then calls come at the bucket's rate")
    func burst() {
        var bucket = CallBucket(limits, at: start)
        for _ in 0..<10 { #expect(bucket.take(at: start) == .zero) }
        #expect(bucket.take(at: start) == .milliseconds(500))
        #expect(bucket.take(at: start) == .seconds(1))
        // What is owed is paid first.
        #expect(bucket.take(at: start + .seconds(1)) == .milliseconds(500))
        for _ in 0..<10 { #expect(bucket.take(at: start + .seconds(100)) == .zero) }
        #expect(bucket.take(at: start + .seconds(100)) > .zero)
    }

    @Test("Every word of AWS that it is too much halves the rate, down to the lowest; granted calls bring it back")
    func adaption() {
        var bucket = CallBucket(limits, at: start)
        bucket.wasThrottled(at: start)
        #expect(bucket.rate == 1)
        #expect(bucket.take(at: start) == .seconds(1))
        for _ in 0..<100 { bucket.wasThrottled(at: start) }
        #expect(bucket.rate == limits.lowest)
        for _ in 0..<10 { bucket.wasGranted(at: start) }
        #expect(bucket.rate < limits.rate)
        for _ in 0..<10 { bucket.wasGranted(at: start) }
        #expect(bucket.rate == limits.rate)
    }

    @Test("A minute of calls that are all refused is few calls")
    func refusals() {
        var bucket = CallBucket(limits, at: start)
        var now = start
        var calls = 0
        while now < start + .seconds(60) {
            now += bucket.take(at: now)
            calls += 1
            bucket.wasThrottled(at: now)
        }
        // The first and those of the lowest rate, after the few in which it was found.
        #expect(calls <= 35)
    }

    @Test("A call is tried so often, with waits that grow and are shortened by chance")
    func pauses() {
        var timing = AWSTiming()
        timing.attempts = 5
        timing.firstPause = .seconds(1)
        timing.longestPause = .seconds(3)
        var longest = RetryPause(timing)
        var halves = RetryPause(timing)
        #expect(
            (0..<5).map { _ in longest.next(jitter: 1) } == [.seconds(1), .seconds(2), .seconds(3), .seconds(3), nil])
        #expect(halves.next(jitter: 0.5) == .milliseconds(500))
        #expect(halves.next(jitter: 0) == .zero)
    }
}
