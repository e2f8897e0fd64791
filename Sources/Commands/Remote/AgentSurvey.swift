import CNIProtocol
import LinuxSystem

/// Asks agents for the state of their nodes, all at once.
struct AgentSurvey {
    let sockets: [String]
    let console: Console

    /// How long an agent may take.
    private static let patience: UInt64 = 10_000_000_000
    /// A node with very many routes has much to tell.
    private static let largestAnswer = 64 << 20

    /// The states in the order of the sockets, and whether every agent answered.
    ///
    /// One that does not is told on standard error, so that a node that is down does not hide the others; throws when
    /// none does.
    func states() async throws(CommandError) -> (states: [NodeState], isWhole: Bool) {
        let answers = await withTaskGroup(of: (Int, Result<NodeState, CommandError>).self) { group in
            for (index, socket) in sockets.enumerated() { group.addTask { (index, await Self.ask(socket)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var states: [NodeState] = []
        var failures: [CommandError] = []
        for index in sockets.indices {
            switch answers[index] {
            case .success(let state): states.append(state)
            case .failure(let error): failures.append(error)
            case nil: break
            }
        }
        if states.isEmpty, let first = failures.first, failures.count == 1 { throw first }
        for failure in failures { console.printError("romana: \(failure)") }
        if states.isEmpty { throw CommandError("none of \(sockets.count) agents answered") }
        return (states, failures.isEmpty)
    }

    /// The call waits, so it has a thread of its own.
    private static func ask(_ socket: String) async -> Result<NodeState, CommandError> {
        await withCheckedContinuation { continuation in
            do throws(SystemError) {
                _ = try NamedThread.start(name: "ask agent") {
                    continuation.resume(returning: Result { () throws(CommandError) in try askNow(socket) })
                }
            } catch {
                continuation.resume(returning: .failure(CommandError(error)))
            }
        }
    }

    private static func askNow(_ socket: String) throws(CommandError) -> NodeState {
        do {
            let response = try exchange(socket)
            let document = try JSONValue(parsing: response.output)
            guard response.exitStatus == 0 else {
                throw CommandError(document["msg"]?.stringValue ?? "refused")
            }
            return NodeState(document)
        } catch let error as SystemError {
            throw CommandError("ask the agent at \(socket): \(error.errno)")
        } catch let error as CNIError {
            throw CommandError("ask the agent at \(socket): \(error.message)")
        } catch let error as JSONError {
            throw CommandError("ask the agent at \(socket): the answer is not JSON: \(error)")
        } catch {
            throw CommandError("ask the agent at \(socket): \(error)")
        }
    }

    /// One request and its answer; throws SystemError or CNIError.
    private static func exchange(_ socket: String) throws -> AgentResponse {
        let connection = try UnixSocket.connect(socket)
        try connection.setTimeouts(receiveNanoseconds: patience, sendNanoseconds: patience)
        let request = AgentRequest(environment: [.init("CNI_COMMAND", AgentSocket.statusCommand)], config: [])
        try connection.sendAll(request.frame.bytes)
        var decoder = AgentFrameDecoder(limit: largestAnswer)
        while true {
            if let frame = try decoder.next() { return try AgentResponse(frame) }
            var bytes: [UInt8] = []
            let count = try connection.receive(appendingTo: &bytes)
            guard let count else { throw SystemError(operation: "receive", subject: socket, errno: .ETIMEDOUT) }
            guard count > 0 else { throw SystemError(operation: "receive", subject: socket, errno: .ECONNRESET) }
            decoder.feed(bytes)
        }
    }
}
