import CNIProtocol
import LinuxSystem

/// One call of the plugin: what can be told without the agent is answered here, the rest is forwarded.
struct Plugin {
    let environment: CNIEnvironment
    let input: [UInt8]

    /// The answer to print; throws what is to be printed as an error.
    func run() throws(CNIError) -> AgentResponse {
        if environment.command == .version { return .success(VersionAnswer.json(to: input)) }
        let config = try NetworkConfig(parsing: input)
        try config.cniVersion.require(environment.command)
        let namespace = try ContainerNamespace(of: environment)
        let request = AgentRequest(
            environment: CNIEnvironment.entries(reading: ProcessEnvironment.value), config: input)
        let conversation = AgentConversation(
            socket: config.agentSocket, command: environment.command, version: config.cniVersion)
        return try conversation.answer(to: request, descriptors: namespace.descriptors)
    }
}
