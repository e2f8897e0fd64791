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
    private let problemContinuation: AsyncStream<String?>.Continuation
    private let noticeContinuation: AsyncStream<NodeNotice>.Continuation
    /// Why pods cannot be served, or (nil) that they can; only the newest counts.
    let problems: AsyncStream<String?>
    /// What operators must know of; where hundreds wait, more are dropped.
    let notices: AsyncStream<NodeNotice>
    /// Keys of the groups whose members are wanted now; only the newest counts.
    let groups: AsyncStream<Set<String>>

    /// A stream of needs and its sending end.
    static func make() -> (stream: AsyncStream<NodeNeed>, needs: NodeNeeds) {
        let (stream, continuation) = AsyncStream<NodeNeed>.makeStream()
        let (groups, groupContinuation) = AsyncStream<Set<String>>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (problems, problemContinuation) = AsyncStream<String?>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (notices, noticeContinuation) = AsyncStream<NodeNotice>.makeStream(bufferingPolicy: .bufferingOldest(500))
        return (
            stream,
            NodeNeeds(
                continuation: continuation, groupContinuation: groupContinuation,
                problemContinuation: problemContinuation, noticeContinuation: noticeContinuation, problems: problems,
                notices: notices, groups: groups)
        )
    }

    func send(_ need: NodeNeed) {
        continuation.yield(need)
    }

    func tell(problem: String?) {
        problemContinuation.yield(problem)
    }

    func tell(_ notice: NodeNotice) {
        noticeContinuation.yield(notice)
    }

    func want(groups: Set<String>) {
        groupContinuation.yield(groups)
    }
}
