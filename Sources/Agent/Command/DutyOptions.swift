import ArgumentParser
import Duties
import Options

/// What the agent is told about its duties for the whole cluster.
struct DutyOptions: ParsableArguments {
    @Option(
        help: """
            Duties for the whole cluster that this agent is a candidate for, by comma: listener (needs the Kubernetes \
            API), daemon (serves the REST API of romana-daemon, with its options), aws (turns the source/destination \
            checks of nodes' interfaces off; needs the Kubernetes API), vpcrouter (routes in a VPC of AWS); or none.
            """)
    var duties: String = Listener.dutyName

    @Option(
        name: .long, defaultAsFlag: Toggle.on, parsing: .next,
        help: .init(
            """
            Isolate the pods of namespaces whose annotation net.beta.kubernetes.io/networkpolicy says DefaultDeny \
            (default: false).
            """, valueName: "true|false"))
    var namespaceIsolation: Toggle?

    @Option(
        help: """
            Seconds that a host keeps its blocks when its node is gone from the Kubernetes API and its agent not alive; \
            a negative number keeps them for good.
            """)
    var hostGrace: Int = 60

    /// As the agent takes it.
    func settings() throws(AgentError) -> DutySettings {
        var settings = DutySettings(
            honoursNamespaceIsolation: try namespaceIsolation?.isOn("--namespace-isolation") ?? false)
        settings.hostGrace = hostGrace < 0 ? nil : .seconds(hostGrace)
        let names = duties.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        for name in names {
            switch name {
            case Listener.dutyName: settings.isListener = true
            case DaemonDuty.dutyName: settings.isDaemon = true
            case SourceDestCheckDuty.dutyName: settings.isSourceDestCheck = true
            case VPCRouter.dutyName: settings.isVPCRouter = true
            case "none" where names.count == 1: break
            case "none": throw AgentError("--duties \(duties): none goes with no other")
            default: throw AgentError("--duties \(name): there is no such duty; there are \(Self.known)")
            }
        }
        return settings
    }

    private static var known: String {
        "\(Listener.dutyName), \(DaemonDuty.dutyName), \(SourceDestCheckDuty.dutyName) and \(VPCRouter.dutyName)"
    }
}
