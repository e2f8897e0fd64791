import CNIProtocol
import LinuxSystem
import Synchronization

/// One question to the agent behind a socket, on a thread of its own since it waits.
final class AgentConversation: Sendable {
    private typealias Answer = Result<[UInt8], CommandError>

    private let path: String
    private let asker = Mutex<CheckedContinuation<Answer, Never>?>(nil)

    init(path: String) { self.path = path }

    /// The answer to a question for the node's state.
    ///
    /// When the task is cancelled nobody waits for it any more; the thread ends with the agent's patience.
    func answer(limit: Int) async -> Result<[UInt8], CommandError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                asker.withLock { $0 = continuation }
                if Task.isCancelled { return resume(.failure(Self.cancelled)) }
                do throws(SystemError) {
                    _ = try NamedThread.start(name: "ask agent") {
                        self.resume(Result { () throws(CommandError) in try self.talk(limit) })
                    }
                } catch {
                    resume(.failure(CommandError(error)))
                }
            }
        } onCancel: {
            resume(.failure(Self.cancelled))
        }
    }

    private static let cancelled = CommandError("cancelled")

    /// The first answer counts.
    private func resume(_ answer: Answer) {
        let continuation = asker.withLock { asker in
            defer { asker = nil }
            return asker
        }
        continuation?.resume(returning: answer)
    }

    private func talk(_ limit: Int) throws(CommandError) -> [UInt8] {
        do {
            let response = try exchange(limit)
            guard response.exitStatus == 0 else {
                let document = try JSONValue(parsing: response.output)
                throw CommandError(document["msg"]?.stringValue ?? "it refused")
            }
            return response.output
        } catch let error as CommandError {
            throw error
        } catch let error as SystemError {
            throw CommandError("\(error.errno)", kind: .unreachable)
        } catch let error as CNIError {
            throw CommandError(error.message)
        } catch {
            throw CommandError("\(error)")
        }
    }

    /// One request and its answer; throws SystemError or CNIError.
    private func exchange(_ limit: Int) throws -> AgentResponse {
        let connection = try UnixSocket.connect(path)
        let patience = UInt64(AgentEndpoint.patience.components.seconds) * 1_000_000_000
        try connection.setTimeouts(receiveNanoseconds: patience, sendNanoseconds: patience)
        let request = AgentRequest(environment: [.init("CNI_COMMAND", AgentSocket.statusCommand)], config: [])
        try connection.sendAll(request.frame.bytes)
        var decoder = AgentFrameDecoder(limit: limit)
        while true {
            if let frame = try decoder.next() { return try AgentResponse(frame) }
            var bytes: [UInt8] = []
            let count = try connection.receive(appendingTo: &bytes)
            guard let count else { throw SystemError(operation: "receive", subject: path, errno: .ETIMEDOUT) }
            guard count > 0 else { throw SystemError(operation: "receive", subject: path, errno: .ECONNRESET) }
            decoder.feed(bytes)
        }
    }
}
