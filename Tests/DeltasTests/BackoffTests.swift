import Deltas
import Testing

@Suite("back-off")
struct BackoffTests {
    let backoff = Backoff(first: .milliseconds(100), cap: .seconds(5))

    @Test(
        "the wait doubles up to the cap",
        arguments: [
            (0, 0), (1, 100), (2, 200), (3, 400), (6, 3_200), (7, 5_000), (8, 5_000), (1_000, 5_000), (-3, 0),
        ])
    func doubles(attempt: Int, milliseconds: Int) {
        #expect(backoff.delay(attempt: attempt, jitter: 1) == .milliseconds(milliseconds))
    }

    @Test(
        "chance shortens the wait by at most half",
        arguments: [(0.0, 100), (0.5, 150), (1, 200), (-1, 100), (9, 200)])
    func shortens(jitter: Double, milliseconds: Int) {
        #expect(backoff.delay(attempt: 2, jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test("a success starts over")
    func startsOver() {
        var backoff = backoff
        #expect(backoff.next(jitter: 1) == .milliseconds(100))
        #expect(backoff.next(jitter: 1) == .milliseconds(200))
        backoff.reset()
        #expect(backoff.next(jitter: 1) == .milliseconds(100))
    }

    @Test("odd settings are harmless")
    func toleratesOddSettings() {
        #expect(Backoff(first: .seconds(2), cap: .seconds(1)).delay(attempt: 9, jitter: 1) == .seconds(2))
        #expect(Backoff(first: .zero, cap: .zero).delay(attempt: 9, jitter: 1) == .zero)
        #expect(Backoff(first: .zero, cap: .seconds(1)).delay(attempt: 99, jitter: 1) == .zero)
    }
}
