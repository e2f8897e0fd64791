/// What the agent answers: the exit status of the client and its standard output.
///
/// Body: one byte of status, then the output up to the end.
public struct AgentResponse: Hashable, Sendable {
    /// 0 for success, 1 for an error whose JSON is the output.
    public let exitStatus: UInt8
    /// What the client prints.
    public let output: [UInt8]

    /// A response with its status and output.
    public init(exitStatus: UInt8, output: [UInt8]) {
        self.exitStatus = exitStatus
        self.output = output
    }

    /// Success with what is to be printed, which is nothing for DEL, CHECK, GC and STATUS.
    public static func success(_ output: [UInt8] = []) -> AgentResponse {
        AgentResponse(exitStatus: 0, output: output)
    }

    /// A failure in the version that the runtime speaks.
    public static func failure(_ error: CNIError, version: CNIVersion = .newest) -> AgentResponse {
        AgentResponse(exitStatus: 1, output: error.json(version: version))
    }

    /// The response as a frame.
    public var frame: AgentFrame { AgentFrame(kind: .response, body: [exitStatus] + output) }

    /// Reads a response out of a frame; code 6 for a body that is not one.
    public init(_ frame: AgentFrame) throws(CNIError) {
        guard frame.kind == .response, let status = frame.body.first else {
            throw CNIError(.decoding, "the agent answered with something other than a response")
        }
        exitStatus = status
        output = Array(frame.body.dropFirst())
    }
}
