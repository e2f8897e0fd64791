import CNIProtocol
import HTTPTransfer

/// Asks agents for the state of their nodes, many at once.
struct AgentSurvey: Sendable {
    let endpoints: [AgentEndpoint]

    /// How many are asked at a time, so that thousands do not need as many connections.
    private static let width = 64

    /// What each agent said, or why it did not, in the order of the endpoints.
    func answers() async -> [Result<NodeState, CommandError>] {
        let client = HTTPClient()
        defer { client.shutdown() }
        let answers = await withTaskGroup(of: (Int, Result<NodeState, CommandError>).self) { group in
            var answers: [Int: Result<NodeState, CommandError>] = [:]
            for (index, endpoint) in endpoints.enumerated() {
                if index >= Self.width, let (done, answer) = await group.next() { answers[done] = answer }
                group.addTask { (index, await endpoint.state(client)) }
            }
            for await (index, answer) in group { answers[index] = answer }
            return answers
        }
        return endpoints.indices.compactMap { answers[$0] }
    }

    /// The states of those that answered, and why others did not.
    ///
    /// A node that is down does not hide the others; throws when none answers.
    func states() async throws(CommandError) -> (states: [NodeState], failures: [CommandError]) {
        var states: [NodeState] = []
        var failures: [CommandError] = []
        for answer in await answers() {
            switch answer {
            case .success(let state): states.append(state)
            case .failure(let error): failures.append(error)
            }
        }
        guard states.isEmpty, let first = failures.first else { return (states, failures) }
        if failures.count == 1 { throw first }
        let isUnreachable = failures.allSatisfy { $0.kind == .unreachable }
        throw CommandError(
            "none of \(failures.count) agents answered", problems: failures.map(\.description), noun: "reasons",
            kind: isUnreachable ? .unreachable : .failed)
    }
}
