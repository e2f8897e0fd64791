import Deltas
import SeededRandom
import Testing

@Suite("a delta")
struct DeltaTests {
    @Test("wants what is not there and drops what is not wanted")
    func differs() {
        var delta = Delta<String, Int>()
        #expect(delta.isSettled)
        delta.want("a", 1)
        delta.saw("b", 2)
        delta.want("c", 3)
        delta.saw("c", 4)
        #expect(delta.pendingUpdates == ["a": 1, "c": 3])
        #expect(delta.pendingDeletions == ["b"])
        #expect(delta.pendingCount == 3)
    }

    @Test("a change that was made is pending no more")
    func applies() {
        var delta = Delta<String, Int>()
        delta.want("a", 1)
        delta.saw("b", 2)
        delta.applied("a")
        delta.applied("b")
        #expect(delta.isSettled)
        #expect(delta.observed == ["a": 1])
    }

    @Test("a wish taken back before it was made leaves nothing to do")
    func takesBack() {
        var delta = Delta<String, Int>()
        delta.want("a", 1)
        delta.unwant("a")
        #expect(delta.isSettled)
        delta.saw("b", 2)
        delta.want("b", 2)
        #expect(delta.isSettled)
    }

    @Test("a change that was overtaken by a new wish stays pending")
    func isOvertaken() {
        var delta = Delta<String, Int>()
        delta.want("a", 2)
        delta.saw("a", 1)
        #expect(delta.pendingUpdates == ["a": 2])
    }

    @Test("what vanishes on the other side is wanted again")
    func restores() {
        var delta = Delta<String, Int>()
        delta.want("a", 1)
        delta.applied("a")
        delta.saw("a", nil)
        #expect(delta.pendingUpdates == ["a": 1])
        delta.sawExactly(["a": 1, "stray": 9])
        #expect(delta.pendingUpdates.isEmpty && delta.pendingDeletions == ["stray"])
    }

    @Test("what is pending equals the full difference after any history", arguments: UInt64(1)...10)
    func equalsFullDifference(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var delta = Delta<Int, Int>()
        var desired: [Int: Int] = [:]
        var observed: [Int: Int] = [:]
        for _ in 0..<200 {
            let key = Int.random(in: 0..<12, using: &random)
            let value = Int.random(in: 0..<3, using: &random)
            let many = (0..<12).filter { _ in Bool.random(using: &random) }
            let all = Dictionary(uniqueKeysWithValues: many.map { ($0, value) })
            switch Int.random(in: 0..<16, using: &random) {
            case 0:
                desired = all
                delta.wantExactly(all)
            case 1:
                observed = all
                delta.sawExactly(all)
            case 2...5:
                desired[key] = value
                delta.want(key, value)
            case 6...8:
                desired[key] = nil
                delta.unwant(key)
            case 9...11:
                observed[key] = value
                delta.saw(key, value)
            case 12...13:
                observed[key] = nil
                delta.saw(key, nil)
            default:
                observed[key] = desired[key]
                delta.applied(key)
            }
            #expect(delta.desired == desired && delta.observed == observed)
            #expect(delta.pendingUpdates == desired.filter { observed[$0.key] != $0.value })
            #expect(delta.pendingDeletions == Set(observed.keys).subtracting(desired.keys))
            #expect(delta.isSettled == (desired == observed))
        }
    }

    @Test("making every pending change settles it", arguments: UInt64(1)...5)
    func settles(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var delta = Delta<Int, Int>()
        for _ in 0..<100 {
            delta.want(Int.random(in: 0..<50, using: &random), Int.random(in: 0..<3, using: &random))
            delta.saw(Int.random(in: 0..<50, using: &random), Int.random(in: 0..<3, using: &random))
        }
        for key in Array(delta.pendingUpdates.keys) + Array(delta.pendingDeletions) { delta.applied(key) }
        #expect(delta.isSettled && delta.observed == delta.desired)
    }
}
