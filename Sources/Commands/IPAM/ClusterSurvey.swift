import CNIProtocol
import LinuxSystem

/// Asks daemons and agents for what is to be compared.
struct ClusterSurvey: Sendable {
    let session: Session
    /// Agents that are asked by their sockets.
    let sockets: [String]
    /// The port of the others.
    let port: UInt16

    /// What one look brought.
    struct Result: Sendable {
        var view: ClusterView
        /// How many daemons were asked.
        var daemons: Int
        /// Hosts whose agents did not answer.
        var unreached: [(host: String, error: CommandError)]

        /// The same as sentences, of many only the first.
        var unreachedLines: [String] {
            let most = 5
            let lines = unreached.prefix(most).map { "host \($0.host) is not checked: \($0.error)" }
            let more = unreached.count - most
            return more > 0 ? lines + ["\(more) more hosts are not checked, as their agents do not answer"] : lines
        }
    }

    /// Asks everyone once.
    func look() async throws(CommandError) -> Result {
        let daemon = session.daemon
        let hosts = try await daemon.get("/v1/hosts")
        let topology = try await daemon.get("/topology")
        let records = try await daemon.get("/v1/blocks")
        let blocks = try await daemon.get("/blocks")
        var view = ClusterView(hosts: hosts, topology: topology, records: records, blocks: blocks)
        var unreached: [(host: String, error: CommandError)] = []
        let states = await askAgents(hosts["hosts"]?.arrayValue ?? [], &unreached)
        for state in states { view.nodes[state.node] = ClusterView.Node(state) }
        let answers = await daemon.getFromAll("/v1/blocks", further: Set(states.flatMap(\.daemons)).sorted())
        view.others = answers.dropFirst().map { ($0.url, ClusterView.summaries($0.answer, count: "allocated")) }
        return Result(view: view, daemons: max(1, answers.count), unreached: unreached)
    }

    /// The nodes behind sockets first, then all other hosts over the network.
    private func askAgents(
        _ hosts: [JSONValue], _ unreached: inout [(host: String, error: CommandError)]
    ) async -> [NodeState] {
        let local = session.settings.agentSocket
        let paths = sockets.isEmpty && FileSystem.fileExists(local) ? [local] : sockets
        var states: [NodeState] = []
        for (path, answer) in zip(paths, await AgentSurvey(endpoints: paths.map(AgentEndpoint.socket)).answers()) {
            switch answer {
            case .success(let state): states.append(state)
            // The one on this machine is asked unasked; if it says nothing, its host is asked below.
            case .failure(let error): if !sockets.isEmpty { unreached.append((path, error)) }
            }
        }
        let known = Set(states.map(\.node))
        let others = hosts.filter { !known.contains($0["name"].shown) }
        let survey = AgentSurvey(endpoints: others.map { AgentEndpoint(host: $0, port: port) })
        for (host, answer) in zip(others, await survey.answers()) {
            switch answer {
            case .success(let state): states.append(state)
            case .failure(let error): unreached.append((host["name"].shown, error))
            }
        }
        return states
    }
}
