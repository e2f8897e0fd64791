import Addresses
import CNIProtocol
import HTTPTransfer
import Policies

/// What the agents of a cluster say of some traffic.
struct LivePolicy {
    let session: Session
    /// The port of agents.
    let port: UInt16

    /// An end of traffic as it was found.
    private struct End {
        var addresses: [IPAddress]
        /// The agent of the pod; nil for an end that is no pod.
        var agent: AgentEndpoint?
    }

    /// The hosts, and what their agents say of their nodes.
    private typealias Survey = [(host: JSONValue, endpoint: AgentEndpoint, state: Result<NodeState, CommandError>)]

    /// Finds both ends, and asks the agents of those that are pods.
    func explain(
        from: PolicyOracle.Endpoint, to: PolicyOracle.Endpoint, _ traffic: String, _ family: AddressFamily?
    ) async throws(CommandError) -> PolicyExplanation {
        let survey = try await survey()
        let source = try find(from, survey)
        let destination = try find(to, survey)
        let families = Set(source.addresses.map(\.family)).intersection(destination.addresses.map(\.family))
        guard let family = family ?? families.min(),
            let sourceAddress = source.addresses.first(where: { $0.family == family }),
            let destinationAddress = destination.addresses.first(where: { $0.family == family })
        else {
            throw CommandError("explain policy: \(from) and \(to) have no addresses of one family", kind: .unreachable)
        }
        let parts = traffic.lowercased().split(separator: "/")
        var query = "from=\(sourceAddress)&to=\(destinationAddress)&protocol=\(parts[0])"
        if parts.count > 1 { query += "&port=\(parts[1])" }

        let client = HTTPClient()
        defer { client.shutdown() }
        let egress = await verdict("egress", source, query, client)
        let ingress = await verdict("ingress", destination, query, client)
        return PolicyExplanation(
            from: "\(from)", to: "\(to)",
            traffic: PolicyOracle.Traffic(traffic, family: family).map { "\($0)" } ?? traffic,
            family: family, egress: egress, ingress: ingress)
    }

    private func survey() async throws(CommandError) -> Survey {
        let hosts = try await session.daemon.get("/v1/hosts")["hosts"]?.arrayValue ?? []
        let endpoints = hosts.map { AgentEndpoint(host: $0, port: port) }
        let answers = await AgentSurvey(endpoints: endpoints).answers()
        let survey = zip(zip(hosts, endpoints), answers).map { (host: $0.0, endpoint: $0.1, state: $1) }
        session.tell(
            survey.compactMap { node in
                if case .failure(let error) = node.state { "\(error)" } else { nil }
            })
        return survey
    }

    private func find(_ end: PolicyOracle.Endpoint, _ survey: Survey) throws(CommandError) -> End {
        if case .node(let name) = end {
            guard let host = survey.first(where: { $0.host["name"]?.stringValue == name })?.host else {
                throw CommandError("explain policy: the daemon knows no host \(name)", kind: .unreachable)
            }
            let texts = [host["ip"].shown] + (host["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
            return End(addresses: texts.compactMap { IPAddress($0) })
        }
        for node in survey {
            guard case .success(let state) = node.state else { continue }
            for attachment in state.attachments {
                let texts = (attachment["addresses"]?.arrayValue ?? []).compactMap(\.stringValue)
                let addresses = texts.compactMap { IPAddress($0) }
                switch end {
                case .pod(let namespace, let name)
                where attachment["namespace"].shown == namespace && attachment["pod"].shown == name:
                    return End(addresses: addresses, agent: node.endpoint)
                case .address(let address) where addresses.contains(address):
                    return End(addresses: [address], agent: node.endpoint)
                default: break
                }
            }
        }
        if case .address(let address) = end { return End(addresses: [address]) }
        throw CommandError("explain policy: no agent that answered has \(end.noun)", kind: .unreachable)
    }

    /// What the agent of an end says of its direction.
    private func verdict(
        _ direction: String, _ end: End, _ query: String, _ client: HTTPClient
    ) async -> PolicyExplanation.Verdict {
        guard let agent = end.agent else { return .init(isAllowed: true, reason: "not policed: it is no pod") }
        let url = "\(agent)/v1/policy?\(query)"
        switch await AgentEndpoint.ask(url, client) {
        case .failure(let error):
            return .init(isAllowed: nil, reason: "ask the agent at \(agent): \(error)")
        case .success(let bytes):
            let answer = try? JSONValue(parsing: bytes)
            return PolicyExplanation.Verdict(answer?[direction])
                ?? .init(isAllowed: nil, reason: "the agent at \(agent) says nothing of \(direction)")
        }
    }
}
