import ArgumentParser
import CNIProtocol
import HTTPTransfer

/// `romana doctor`.
struct DoctorCommand: ViewCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at this node and all that it depends on, and say what to do.",
        discussion: """
            It looks at the kernel (as root by trying each feature in a network namespace that goes at once), settings below \
            net, etcd, the Kubernetes API, daemons, routes, MTUs, clocks, versions, and which network configuration the \
            runtime takes. Where things are it learns from the agent; options say it where there is none. It changes \
            nothing. Exit status 1 tells that something failed; warnings alone do not count.
            """)

    @OptionGroup(title: "Common options") var options: GlobalOptions
    @OptionGroup(title: "Watching") var watching: WatchOptions
    @Option(
        name: .customLong("agent-socket"),
        help: ArgumentHelp("The agent's socket (default: /run/romana/agent.sock).", valueName: "path"),
        completion: .file())
    var socket: String?
    @OptionGroup(title: "etcd") var etcd: EtcdAccessOptions
    @OptionGroup(title: "Installation") var installation: InstallationOptions
    @Option(name: .long, help: "How to print: as --format.")
    var output: OutputFormat?

    func run() async throws {
        // `--output json` is what scripts for other networks' doctors say.
        var command = self
        command.options.format = output ?? options.format
        command.output = nil
        try await command.look()
    }

    func view(_ session: Session) async throws(CommandError) -> View {
        let client = HTTPClient()
        defer { client.shutdown() }
        let path = socket ?? session.settings.agentSocket
        var symptoms: [Symptom] = []
        var state: NodeState?
        switch await AgentEndpoint.socket(path).state(client) {
        case .success(let answer):
            state = answer
            symptoms += Self.agent(answer)
        case .failure(let error):
            symptoms.append(
                .failed("agent", path, "\(error)", do: "start romana-agent, as root; no pod starts without it"))
        }
        symptoms += await KernelExamination().symptoms()
        symptoms += SysctlExamination(state: state).symptoms()
        if let state { symptoms += RouteExamination(state: state).symptoms() }
        symptoms += InstallationExamination(options: installation, agentSocket: path).symptoms()
        symptoms += await EtcdExamination(options: etcd, state: state, client: client).symptoms()
        symptoms += await ServerExamination(session: session, state: state, client: client).symptoms()
        let failures = symptoms.count { $0.outcome == .failed }
        let document: JSONValue = [
            "node": state.map { .string($0.node) } ?? .null, "failed": .integer(failures),
            "symptoms": .array(symptoms.map(\.document)),
        ]
        return View(document, isWhole: failures == 0) { [symptoms] in Symptom.pictures(symptoms) }
    }

    /// What the agent says of itself.
    private static func agent(_ state: NodeState) -> [Symptom] {
        let checks = (state.document["checks"]?.arrayValue ?? []).map { check -> Symptom in
            let (name, message) = (check["name"].shown, check["message"].shown)
            switch check["outcome"].shown {
            case "ok": return .ok("agent", name, message)
            case "warning": return .warning("agent", name, message, do: "")
            default: return .failed("agent", name, message, do: "")
            }
        }
        return [ServerExamination.version("agent of \(state.node)", state.version)] + checks
    }
}
