import ArgumentParser
import Duties

/// What the agent is told about its duties for the whole cluster.
struct DutyOptions: ParsableArguments {
    @Option(
        help: """
            Duties for the whole cluster that this agent is a candidate for, by comma; the empty text for none. They \
            need the Kubernetes API.
            """)
    var duties: String = Listener.dutyName

    @Option(
        name: .long, defaultAsFlag: true,
        help: "Isolate the pods of namespaces whose annotation net.beta.kubernetes.io/networkpolicy says DefaultDeny.")
    var namespaceIsolation: Bool?

    /// As the agent takes it.
    func settings() throws(AgentError) -> DutySettings {
        var settings = DutySettings(honoursNamespaceIsolation: namespaceIsolation ?? false)
        for name in duties.split(separator: ",").map({ $0.filter { $0 != " " } }) where !name.isEmpty {
            switch name {
            case Listener.dutyName: settings.isListener = true
            case "aws", "vpcrouter":
                throw AgentError("--duties \(name): this version does not have that duty; it has \(Listener.dutyName)")
            default: throw AgentError("--duties \(name): there is no such duty; there is \(Listener.dutyName)")
            }
        }
        return settings
    }
}
