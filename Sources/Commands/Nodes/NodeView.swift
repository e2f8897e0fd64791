import CNIProtocol

/// A node as the cluster knows it, its lease in etcd, and its agent say together.
struct NodeView: Sendable {
    /// The host as a daemon tells of it.
    let host: JSONValue
    /// Whether the agent's lease stands, and its version; nil when the daemon does not tell.
    let lease: JSONValue?
    /// Whether leases are told of at all.
    let knowsLeases: Bool
    /// What the agent said, or why it said nothing.
    let answer: Result<NodeState, CommandError>

    var name: String { host["name"].shown }

    /// What the agent said; nil when it said nothing.
    var state: NodeState? {
        if case .success(let state) = answer { return state }
        return nil
    }

    /// The addresses that the cluster knows.
    var addresses: [String] {
        let all = (host["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
        return all.isEmpty ? [host["ip"].shown] : all
    }

    /// The agent's version, from itself or from its lease.
    var version: String { state?.version ?? lease?["version"].shown ?? "" }

    /// Whether the agent lives: it answers or holds its lease; nil when that cannot be told.
    var isAlive: Bool? {
        if state != nil || lease != nil { return true }
        return knowsLeases ? false : nil
    }

    /// Whether a pod could be added now; nil when the agent does not say.
    var isReady: Bool? { state?.isReady }

    /// Why it is not ready, empty if it is.
    var problem: String {
        switch answer {
        case .success(let state): state.problem
        case .failure(let error):
            isAlive == true ? "it lives, but \(error)" : isAlive == false ? "its agent is gone: \(error)" : "\(error)"
        }
    }

    /// For programs: what all three say.
    var document: JSONValue {
        let agent = state?.document
        return .object([
            (key: "name", value: .string(name)), (key: "addresses", value: .array(addresses.map { .string($0) })),
            (key: "alive", value: isAlive.map { .bool($0) } ?? .null), (key: "version", value: .string(version)),
            (key: "ready", value: isReady.map { .bool($0) } ?? .null),
            (key: "problem", value: problem.isEmpty ? .null : .string(problem)), (key: "host", value: host),
            (key: "agent", value: agent ?? .null),
        ])
    }

    /// Every node that the daemon knows, their agents asked many at once.
    static func all(_ session: Session, port: UInt16) async throws(CommandError) -> [NodeView] {
        let hosts = try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        var leases: [String: JSONValue]?
        do throws(CommandError) {
            let alive = try await session.daemon.get("/v1/alive")["alive"]?.arrayValue ?? []
            leases = Dictionary(alive.map { ($0["name"].shown, $0) }, uniquingKeysWith: { $1 })
        } catch {
            session.tell(["whose agents live is not known: \(error)"])
        }
        let survey = AgentSurvey(endpoints: hosts.map { AgentEndpoint(host: $0, port: port) })
        return zip(hosts, await survey.answers()).map { host, answer in
            NodeView(
                host: host, lease: leases?[host["name"].shown], knowsLeases: leases != nil, answer: answer)
        }
    }
}
