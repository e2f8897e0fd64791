import CNIProtocol
import LinuxSystem

/// One request to the agent and its answer, over a connection of its own.
///
/// An agent that is away, ends amid the answer or does not answer in time is a passing state: code 11, on which the
/// runtime tries again, and code 50 for STATUS. A failed ADD is repeated by the kubelet only after about twelve
/// seconds, so ADD waits a little for an agent that is just being restarted.
struct AgentConversation {
    let socket: String
    let command: CNICommand
    let version: CNIVersion

    /// How long ADD waits for an agent to appear.
    private static let patience: UInt64 = 2_000_000_000
    private static let pauseMicroseconds: UInt32 = 25_000
    /// How long the agent may take; STATUS is asked every few seconds, and a slow answer is an answer.
    private var deadlineSeconds: UInt32 { command == .status ? 10 : 60 }

    /// Forwards a request with open descriptors and awaits the answer.
    func answer(to request: AgentRequest, descriptors: [Int32]) throws(CNIError) -> AgentResponse {
        let frame = request.frame
        guard frame.body.count <= AgentFrame.maximumBody else {
            throw CNIError(.decoding, "environment and network config are longer than \(AgentFrame.maximumBody) bytes")
        }
        let late = away("did not answer within \(deadlineSeconds) seconds")
        Deadline.set(seconds: deadlineSeconds, lastWords: late.json(version: version))
        let answer = try exchange(frame, descriptors)
        Deadline.clear()
        return answer
    }

    private func exchange(_ frame: AgentFrame, _ descriptors: [Int32]) throws(CNIError) -> AgentResponse {
        let connection = try connect()
        do throws(SystemError) {
            try connection.sendAll(frame.bytes, descriptors: descriptors)
        } catch {
            // An agent that refuses a request may answer and close before it has read everything.
            if error.errno != .EPIPE { throw away("cannot be asked: \(error.errno)") }
        }
        var decoder = AgentFrameDecoder()
        var bytes: [UInt8] = []
        while true {
            do throws(CNIError) {
                if let frame = try decoder.next() { return try AgentResponse(frame) }
            } catch {
                throw CNIError(.io, "the agent at \(socket) cannot be understood: \(error.message)")
            }
            bytes.removeAll(keepingCapacity: true)
            do throws(SystemError) {
                _ = try connection.receive(appendingTo: &bytes)
            } catch {
                throw away("closed the connection without an answer: \(error.errno)")
            }
            guard !bytes.isEmpty else { throw away("closed the connection without an answer") }
            decoder.feed(bytes)
        }
    }

    private func connect() throws(CNIError) -> UnixSocket {
        let start = Clock.monotonicNanoseconds()
        while true {
            do throws(SystemError) {
                return try UnixSocket.connect(socket)
            } catch {
                let isAway = error.errno == .ENOENT || error.errno == .ECONNREFUSED
                let waited = Clock.monotonicNanoseconds() - start
                guard command == .add, isAway, waited < Self.patience else {
                    throw away("cannot be reached: \(error.errno)")
                }
                Deadline.pause(microseconds: Self.pauseMicroseconds)
            }
        }
    }

    private func away(_ what: String) -> CNIError {
        CNIError(command == .status ? .unavailable : .tryAgainLater, "the agent at \(socket) \(what)")
    }
}
