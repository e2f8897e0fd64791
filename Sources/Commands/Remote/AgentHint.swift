import HTTPTransfer

/// What the agent of this node knows about daemons, asked when nobody else has named one.
struct AgentHint {
    let socket: String
    /// The daemons that it knows from etcd and from its own command line.
    let addresses: [DaemonAddress]
    /// What came of asking, as part of a sentence.
    let report: String

    /// Asks the agent behind a socket.
    static func ask(_ socket: String, _ client: HTTPClient) async -> AgentHint {
        switch await AgentEndpoint.socket(socket).state(client) {
        case .failure(let error):
            return AgentHint(socket: socket, addresses: [], report: "\(error)")
        case .success(let state):
            let urls = state.daemons
            let addresses = try? DaemonAddress.list(urls.joined(separator: ","), origin: "the agent at \(socket)")
            let known = urls.isEmpty ? "no daemon" : urls.joined(separator: ", ")
            return AgentHint(
                socket: socket, addresses: addresses ?? [], report: "the agent at \(socket) knows of \(known)")
        }
    }
}
