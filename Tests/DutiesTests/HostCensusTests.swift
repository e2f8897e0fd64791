import Testing

@testable import Duties

@Suite("Whose hosts are freed")
struct HostCensusTests {
    /// Three nodes that are hosts, with agents that are alive, and a host that never was a node.
    static func census(grace: Duration = .seconds(60)) -> HostCensus {
        var census = HostCensus(grace: grace)
        census.setNodes(["a", "b", "c"])
        census.setHosts(["a": .init(uid: "1"), "b": .init(uid: "2"), "c": .init(uid: "3"), "other": .init(uid: "")])
        census.setAlive(["a", "b", "c"])
        return census
    }

    static let start = ContinuousClock.now

    static func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("an agent that is silent for an hour keeps its host while its node is there")
    func silent() {
        var census = Self.census()
        census.setAlive("a", false)
        census.expect([], after: 0)
        census.expect([], after: 3600)
    }

    @Test("a node that somebody deleted keeps its host while its agent is alive")
    func deleted() {
        var census = Self.census()
        census.setNode("a", isThere: false)
        census.expect([], after: 0)
        census.expect([], after: 3600)
    }

    @Test("a node that is gone and not alive keeps its host for the grace, and no longer")
    func gone() {
        var census = Self.census()
        census.setNode("a", isThere: false)
        census.setAlive("a", false)
        census.expect([], after: 0)
        census.expect([], after: 59)
        census.expect(["a"], after: 60)
        #expect(census.lost == ["a"])
    }

    @Test("the grace begins anew with every sign of life", arguments: ["node", "alive"])
    func anew(sign: String) {
        var census = Self.census()
        census.setNode("a", isThere: false)
        census.setAlive("a", false)
        census.expect([], after: 0)
        if sign == "node" {
            census.setNode("a", isThere: true)
            census.setNode("a", isThere: false)
        } else {
            census.setAlive("a", true)
            census.setAlive("a", false)
        }
        census.expect([], after: 90)
        census.expect([], after: 149)
        census.expect(["a"], after: 150)
    }

    @Test("a host that never was a node of the API is left to whoever registered it")
    func foreign() {
        var census = Self.census(grace: .zero)
        census.expect([], after: 0)
        census.setHost("other", .init(uid: "4"))
        census.expect(["other"], after: 0)
    }

    @Test("an API without any node is not believed")
    func forgetful() {
        var census = Self.census(grace: .zero)
        census.setAlive([])
        census.setNodes([])
        census.expect([], after: 3600)
        census.setNode("c", isThere: true)
        census.expect(["a", "b"], after: 3600)
    }

    @Test("nothing is due before everything was listed", arguments: ["nodes", "hosts", "alive"])
    func incomplete(part: String) {
        var census = HostCensus(grace: .zero)
        if part != "nodes" { census.setNodes(["z"]) }
        if part != "hosts" { census.setHosts(["a": .init(uid: "1")]) }
        if part != "alive" { census.setAlive([]) }
        #expect(!census.isComplete)
        census.expect([], after: 0)
    }

    @Test("a host that could not be removed waits for the grace once more")
    func postponed() {
        var census = Self.census()
        census.setNode("a", isThere: false)
        census.setAlive("a", false)
        _ = census.due(at: Self.after(0))
        census.expect(["a"], after: 60)
        census.postpone("a")
        census.expect([], after: 61)
        census.expect(["a"], after: 121)
    }
}

extension HostCensus {
    /// Whose grace is over so many seconds after the start of all tests.
    fileprivate mutating func expect(_ names: [String], after seconds: Int, at place: SourceLocation = #_sourceLocation)
    {
        let due = due(at: HostCensusTests.after(seconds))
        #expect(due == names, sourceLocation: place)
    }
}
