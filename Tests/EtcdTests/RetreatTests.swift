import Testing

@testable import Etcd

@Suite struct RetreatTests {
    @Test func pausesGrowToALimitAfterTheFreeAttempts() {
        var retreat = Retreat()
        var pauses: [Duration] = []
        for _ in 0..<12 {
            pauses.append(retreat.pause(free: 2, random: 1))
            retreat.failed()
        }
        #expect(
            pauses == [0, 0, 0, 50, 100, 200, 400, 800, 1600, 3000, 3000, 3000].map { .milliseconds($0) })
        for _ in 0..<1_000_000 { retreat.failed() }
        #expect(retreat.pause(free: 0, random: 0.5) == .milliseconds(1500))
        retreat.succeeded()
        #expect(retreat.pause(free: 0) == .zero)
    }
}
