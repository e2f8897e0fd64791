import Deltas
import Testing

@Suite("a pacer")
struct PacerTests {
    @Test("an idle pacer runs at once when asked, and not unasked")
    func runsAtOnce() {
        var pacer = Pacer(minimumGap: 10)
        #expect(pacer.next == nil && !pacer.isDue(at: 1_000))
        pacer.ask()
        #expect(pacer.isDue(at: 0))
        pacer.start(at: 5)
        #expect(pacer.next == nil)
        pacer.ask()
        #expect(pacer.isDue(at: 1_000))
    }

    @Test("what is asked for within the gap waits for its end, once")
    func keepsGap() {
        var pacer = Pacer(minimumGap: 10)
        pacer.start(at: 100)
        pacer.ask()
        pacer.ask()
        #expect(pacer.next == 110)
        #expect(!pacer.isDue(at: 109) && pacer.isDue(at: 110))
        #expect(pacer.delay(from: 104) == 6 && pacer.delay(from: 500) == 0)
        pacer.start(at: 110)
        #expect(pacer.next == nil && pacer.delay(from: 500) == nil)
    }

    @Test("the longest gap runs it unasked")
    func runsUnasked() {
        var pacer = Pacer(minimumGap: 10, maximumGap: 50)
        #expect(pacer.isDue(at: 0))
        pacer.start(at: 100)
        #expect(pacer.next == 150)
        pacer.ask()
        #expect(pacer.next == 110)
    }

    @Test("extreme settings are harmless")
    func toleratesExtremes() {
        #expect(Pacer(minimumGap: 10, maximumGap: 5).maximumGap == 10)
        var pacer = Pacer(minimumGap: .max)
        pacer.start(at: 5)
        pacer.ask()
        #expect(pacer.next == .max)
    }
}
