import Topology

/// What the dataplane lets the sources know: it names its needs and never waits for an answer.
enum NodeNeed: Sendable {
    /// All blocks that are wanted now, how many grants that takes into account, and the call that brought it about, if
    /// one did; replaces what was wanted before.
    case blocks([BlockWant], afterGrants: UInt64, cause: String)
    /// Blocks that have lain idle and left the node's pool already.
    case giveBack([BlockRecord])
    /// Blocks whose tags or counts changed.
    case record([BlockRecord])
}

/// The sending end of the dataplane's needs.
struct NodeNeeds: Sendable {
    private let continuation: AsyncStream<NodeNeed>.Continuation
    private let groupContinuation: AsyncStream<Set<String>>.Continuation
    /// Keys of the groups whose members are wanted now; only the newest counts.
    let groups: AsyncStream<Set<String>>

    /// A stream of needs and its sending end.
    static func make() -> (stream: AsyncStream<NodeNeed>, needs: NodeNeeds) {
        let (stream, continuation) = AsyncStream<NodeNeed>.makeStream()
        let (groups, groupContinuation) = AsyncStream<Set<String>>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return (
            stream, NodeNeeds(continuation: continuation, groupContinuation: groupContinuation, groups: groups)
        )
    }

    func send(_ need: NodeNeed) {
        continuation.yield(need)
    }

    func want(groups: Set<String>) {
        groupContinuation.yield(groups)
    }
}
