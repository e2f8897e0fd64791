import ArgumentParser
import CNIProtocol

/// The options of commands that ask agents.
struct AgentOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("agent-socket"),
        help: ArgumentHelp(
            "An agent to ask, by its socket; may be given more than once (default: /run/romana/agent.sock).",
            valueName: "path"), completion: .file())
    var sockets: [String] = []

    @Flag(name: [.customShort("A"), .customLong("all-nodes")], help: "Ask the agents of all hosts over the network.")
    var isEverywhere = false

    @Option(name: .customLong("agent-port"), help: ArgumentHelp("The port of agents with -A.", valueName: "port"))
    var port: UInt16 = AgentOptions.defaultPort

    /// Where agents serve metrics, health and the state of their node.
    static let defaultPort: UInt16 = 9607

    func validate() throws {
        if isEverywhere, !sockets.isEmpty {
            throw ValidationError("--agent-socket and --all-nodes: one of them says whom to ask")
        }
    }

    /// Whom to ask.
    func survey(_ session: Session) async throws(CommandError) -> AgentSurvey {
        guard isEverywhere else {
            let sockets = sockets.isEmpty ? [session.settings.agentSocket] : sockets
            return AgentSurvey(endpoints: sockets.map(AgentEndpoint.socket))
        }
        let hosts = try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        return AgentSurvey(endpoints: hosts.map { AgentEndpoint(host: $0, port: port) })
    }
}
