import CNIProtocol
import LinuxSystem

extension Node {
    /// Asks the agent for its state, as `romana` does.
    public func report() async throws(TestbedError) -> NodeReport {
        let socket = site.socket
        let text: String = try await StarterThread.value { answer in
            answer(Result { () throws(TestbedError) in try Self.ask(socket) })
        }
        return try JSON.decode(NodeReport.self, from: text, of: "the agent of \(name)")
    }

    private static func ask(_ path: String) throws(TestbedError) -> String {
        let request = AgentRequest(
            environment: [AgentRequest.Entry("CNI_COMMAND", AgentSocket.statusCommand)], config: Array("{}".utf8))
        let bytes = try TestbedError.converting { () throws(SystemError) in
            let socket = try UnixSocket.connect(path)
            try socket.setTimeouts(receiveNanoseconds: 10_000_000_000, sendNanoseconds: 10_000_000_000)
            try socket.sendAll(request.frame.bytes)
            var bytes: [UInt8] = []
            while let count = try socket.receive(appendingTo: &bytes), count > 0 {}
            return bytes
        }
        do throws(CNIError) {
            var decoder = AgentFrameDecoder()
            decoder.feed(bytes)
            guard let frame = try decoder.next() else {
                throw CNIError(.decoding, "the agent closed the connection without an answer")
            }
            return String(decoding: try AgentResponse(frame).output, as: UTF8.self)
        } catch {
            throw TestbedError("ask \(path): \(error)")
        }
    }
}
