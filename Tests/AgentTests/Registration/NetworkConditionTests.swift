import KubernetesAPI
import Testing

@testable import Agent

@Suite("When a node says that its network is unavailable")
struct NetworkConditionTests {
    static let start = ContinuousClock.now

    static func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    static func held(_ status: String, _ reason: String, _ message: String = "") -> NodeCondition {
        NodeCondition(NetworkCondition.type, status: status, reason: reason, message: message)
    }

    @Test("it says at once that the network is there, and once")
    func ready() {
        var condition = NetworkCondition(at: Self.start)
        let early = condition.change(nil, at: Self.start)
        #expect(early == nil)
        condition.take(nil, at: Self.start)
        let said = condition.change(nil, at: Self.start)
        #expect(said?.status == "False")
        let later = condition.change(said, at: Self.after(3600))
        #expect(later == nil)
    }

    @Test("a restart is not a failure; what lasts is, with its reason")
    func patience() {
        var condition = NetworkCondition(at: Self.start)
        let before = Self.held("False", "RomanaIsReady")
        condition.take("no block", at: Self.start)
        let early = condition.change(before, at: Self.after(29))
        #expect(early == nil)
        let said = condition.change(before, at: Self.after(30))
        #expect(said == Self.held("True", "RomanaIsNotReady", "no block"))
        condition.take(nil, at: Self.after(31))
        let end = condition.change(said, at: Self.after(31))
        #expect(end?.status == "False")
    }

    @Test("another reason for the same is said once a minute at most")
    func reasons() {
        var condition = NetworkCondition(at: Self.start)
        condition.take("one", at: Self.start)
        let said = condition.change(nil, at: Self.after(40))
        condition.take("two", at: Self.after(41))
        let words = [41, 99, 100].map { condition.change(said, at: Self.after($0))?.message }
        #expect(said?.message == "one")
        #expect(words == [nil, nil, "two"])
    }

    @Test("others who say the same are left alone; who says the contrary is put right, ever more slowly")
    func others() {
        var condition = NetworkCondition(at: Self.start)
        condition.take(nil, at: Self.start)
        let same = condition.change(Self.held("False", "RouteCreated"), at: Self.start)
        #expect(same == nil)
        let contrary = Self.held("True", "NoRouteCreated")
        let said = (0..<600).filter { condition.change(contrary, at: Self.after($0)) != nil }
        #expect(said == [0, 30, 90, 210, 450])
    }
}
