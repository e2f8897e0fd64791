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

    /// The states of those that answered, and whether all did.
    ///
    /// One that does not is told on standard error, so that a node that is down does not hide the others; throws when
    /// none does.
    func states(_ console: Console) async throws(CommandError) -> (states: [NodeState], isWhole: Bool) {
        var states: [NodeState] = []
        var failures: [CommandError] = []
        for answer in await answers() {
            switch answer {
            case .success(let state): states.append(state)
            case .failure(let error): failures.append(error)
            }
        }
        guard let first = failures.first else { return (states, true) }
        if states.isEmpty, failures.count == 1 { throw first }
        for failure in failures { console.printError("romana: \(failure)") }
        guard !states.isEmpty else {
            let kinds = Set(failures.map(\.kind))
            throw CommandError(
                "none of \(endpoints.count) agents answered", kind: kinds == [.unreachable] ? .unreachable : .failed)
        }
        return (states, false)
    }
}
